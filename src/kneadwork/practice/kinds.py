"""What each kind of act in the history is called, and which right taking it back needs: one table for pages and API."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kneadwork.practice.rights import Right


@dataclass(frozen=True, slots=True)
class Kind:
    """The words of a kind, and the right of its doing; without one a tap on *Undo* does not take it back."""

    words: str | Promise
    undo: Right | None = None


KINDS: dict[str, Kind] = {
    "add": Kind(_("Added"), Right.NETWORK),
    "edit": Kind(_("Changed"), Right.NETWORK),
    "stream": Kind(_("Put into a stream"), Right.NETWORK),
    "tag": Kind(_("Tag given"), Right.NETWORK),
    "untag": Kind(_("Tag taken away"), Right.NETWORK),
    "remove": Kind(_("Removed"), Right.NETWORK),
    "merge": Kind(_("Two made one"), Right.NETWORK),
    "not the same": Kind(_("Two that stay two"), Right.NETWORK),
    "import": Kind(_("Import kept"), Right.IMPORT),
    "touch": Kind(_("In touch"), Right.NETWORK),
    "insight": Kind(_("Learned about"), Right.NETWORK),
    "fit": Kind(_("Fit answered"), Right.NETWORK),
    "gift": Kind(_("Gift"), Right.NETWORK),
    "promise": Kind(_("Promise made"), Right.NETWORK),
    "promise kept": Kind(_("Promise kept"), Right.NETWORK),
    "promise let go": Kind(_("Promise let go"), Right.NETWORK),
    "rest": Kind(_("Left in peace"), Right.NETWORK),
    "wake": Kind(_("No longer left in peace"), Right.NETWORK),
    "later": Kind(_("A step put off"), Right.NETWORK),
    "not this step": Kind(_("A step left out"), Right.NETWORK),
    "verdict": Kind(_("Verdict"), Right.VERDICTS),
    "red flag": Kind(_("Red flag"), Right.VERDICTS),
    "check": Kind(_("Looked at"), Right.VERDICTS),
    "override": Kind(_("Against a guard, with a reason"), Right.OVERRIDE),
    "introduction": Kind(_("Introduction"), Right.NETWORK),
    "slow": Kind(_("Taken slowly"), Right.NETWORK),
    "open hours": Kind(_("When colleagues may drop in"), Right.NETWORK),
    "checklist": Kind(_("Checklist changed"), Right.CHECKLISTS),
    "playbook": Kind(_("Playbook changed"), Right.PRACTICE),
    "referral": Kind(_("Somebody sent"), Right.REFERRALS),
    "ask": Kind(_("Asked"), Right.REFERRALS),
    "ask answered": Kind(_("Answer to an ask"), Right.REFERRALS),
    "walk": Kind(_("Walk planned"), Right.NETWORK),
    "offer": Kind(_("Offer changed"), Right.PRACTICE),
    "event": Kind(_("Event"), Right.NETWORK),
    "event removed": Kind(_("Event removed"), Right.NETWORK),
    "card": Kind(_("Card collected"), Right.NETWORK),
    "card written down": Kind(_("Card written down"), Right.NETWORK),
    "card let go": Kind(_("Card let go"), Right.NETWORK),
    "card later": Kind(_("Card put off"), Right.NETWORK),
    "card yes": Kind(_("Card taken up"), Right.NETWORK),
    "card taken back": Kind(_("Card taken back"), Right.NETWORK),
    "cards gone": Kind(_("Cards let go are gone")),
    "planned": Kind(_("A step planned"), Right.NETWORK),
    "letters": Kind(_("Letters made"), Right.LETTERS),
    "template": Kind(_("Letter text changed")),
    "release": Kind(_("Handed out")),
    "stop": Kind(_("Never write to them again")),
    "stop link": Kind(_("Link to stop writing made")),
    "change practice": Kind(_("About your practice"), Right.PRACTICE),
    "change therapist": Kind(_("Who signs the letters")),
    "found": Kind(_("Practice begun")),
    "file": Kind(_("File kept")),
    "export": Kind(_("All data exported")),
    "backup": Kind(_("Backup written")),
    "undo": Kind(_("Taken back")),
    "invite": Kind(_("Invitation")),
    "join": Kind(_("Joined the practice")),
    "change role": Kind(_("Role changed")),
    "leave": Kind(_("Left the practice")),
    "calendar": Kind(_("Calendar read for busy times")),
    "calendar removed": Kind(_("Calendar no longer read")),
    "calendar feed": Kind(_("Address of the own calendar feed")),
    "api token": Kind(_("Key for a program")),
    "password": Kind(_("Password")),
    "second factor": Kind(_("Second factor")),
    "sign-in address": Kind(_("Sign-in address made")),
    "sign-in e-mail": Kind(_("Sign-in e-mail changed")),
}
#: What a tap on *Undo* may take back, with the right of its doing; a stop, people and keys are not among them.
UNDOABLE: dict[str, Right] = {name: kind.undo for name, kind in KINDS.items() if kind.undo is not None}


def words_of(kind: str) -> str:
    """A kind of act in words; one that is not in the table (of a newer version's backup) as it is."""
    return str(KINDS[kind].words) if kind in KINDS else kind[:1].upper() + kind[1:]
