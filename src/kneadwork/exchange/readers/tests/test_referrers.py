"""Answers to "referred by": only a person or an office is a source, whatever else people answer stays words."""

from __future__ import annotations

import pytest

from kneadwork.exchange.neutral import ClientFacts, Record
from kneadwork.exchange.readers.referrer import named_source
from kneadwork.exchange.sources import somebody_new

NOBODY = [
    "Web search", "search engine", "Search Engine (Bing)", "Google", "Google Maps", "Found on Google", "Found you on google", "googled massage", "Yelp review",
    "Apple Maps", "Yellow pages", "Yellow Pages ad", "Psychology Today", "billboard", "Billboard on 15th", "Thumbtack", "Promotion", "Spring promotion",
    "Groupon deal", "Facebook group of the moms", "An Instagram ad", "walk-in", "Walk in", "Walked by", "Drive by", "Drove past the sign", "Word of mouth",
    "Lives nearby", "Lives in the neighborhood", "lives near here", "Works next door to you", "Yes", "No", "NO", "n/a", "N/A", "none", "-", "?", "5", "TBD",
    "I don't remember", "I don’t remember", "Don't know", "can't recall", "Not sure", "not sure, maybe a friend", "Someone at work", "Somebody",
    "Chiropractor", "chiropractor's office", "Physical therapist", "my doctor", "My Doctor", "DOCTOR", "Dr.", "doctor's office", "primary care doctor", "Physician referral",
    "husband", "Husband", "mother", "My mother", "mom", "My sister in law", "Sister-in-law", "friend", "A friend", "friend from church", "my friend at the gym",
    "FRIEND TOLD ME", "Ana's husband", "her mother", "Family member", "coworker", "Existing client", "Returning client", "gift card", "Gift certificate", "Local gym", "online", "website", "Your website",
    "Internet", "newspaper ad", "Flyer at the cafe", "social media", "Friend: Google", "Other: yes", "Insurance directory", "amy",
]  # fmt: skip
SOMEBODY = {
    "Friend: Anna Berg": "Anna Berg", "Friend - Anna Berg": "Anna Berg", "Client (Anna Berg)": "Anna Berg", "friend Anna Berg": "Anna Berg",
    "My friend Anna Berg": "Anna Berg", "referred by anna berg": "anna berg", "Referred by: Dr. Roe": "Dr. Roe", "my chiropractor Dr. Roe": "Dr. Roe",
    "My doctor, Jane Roe": "Jane Roe", "Client Referral: Jane Roe": "Jane Roe", "Husband John Roe": "John Roe", "Referred by Ballard Chiropractic": "Ballard Chiropractic",
} | {
    name: name for name in (
        "Dr. Smith", "Dr Smith", "Dr. Law", "Dr. Kofi Adeyemi", "Jane Roe DC", "Jane Roe, DC", "Jane Roe, chiropractor", "jane roe", "JANE ROE", "Jane", "Mary Webster",
        "Webster, Mary", "Don Yes-Smith", "Ann O'Brien", "Bingham Jones", "Onlin Roe", "Will Self", "Doctor Jane Roe", "Meadow Spine", "Ballard Chiropractic",
        "Seattle Physical Therapy Clinic", "Windermere Real Estate", "Apple Physical Therapy", "Mother Earth Wellness", "Live Well Chiropractic", "Jo's Gym",
        "Dr. Roe's office", "Yellow Door Yoga", "José Álvarez",
    )
}  # fmt: skip


@pytest.mark.parametrize("answer", NOBODY)
def test_an_answer_that_names_nobody_stays_words(answer):
    assert named_source(answer) == ""


@pytest.mark.parametrize("answer", SOMEBODY)
def test_a_person_or_an_office_is_a_source(answer):
    assert named_source(answer) == SOMEBODY[answer]


@pytest.mark.parametrize(("said", "kind", "stream", "profession"), [
    ("Ballard Chiropractic", "organisation", "medical", "chiropractor"),
    ("Seattle Physical Therapy Clinic", "organisation", "medical", "physical_therapist"),
    ("Windermere Real Estate", "organisation", "business", "realtor"), ("Iron Gym", "organisation", "business", "gym"),
    ("Dr. Smith", "person", "personal", ""), ("Jane Roe DC", "person", "medical", "chiropractor"), ("Jane Roe", "person", "personal", ""),
    ("Jane Roe, chiropractor", "person", "medical", "chiropractor"), ("Jane Roe (realtor)", "person", "business", "realtor"),
    ("Jane Roe, PT", "person", "medical", "physical_therapist"), ("Dr. Smith, Ballard Chiropractic", "person", "medical", "chiropractor"),
])  # fmt: skip
def test_who_is_new_is_a_person_or_an_office_with_what_they_do(said, kind, stream, profession):
    made = somebody_new(Record("line 2", name="Ana Ruiz", referred_by=said, client=ClientFacts()))
    assert (made.kind, made.stream, made.profession) == (kind, stream, profession)
