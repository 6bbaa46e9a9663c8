#!/bin/sh
# What the tests need beside the product: developer packages, and from Debian packages Chromium, PostgreSQL, Caddy and the
# fonts that business cards are drawn in.
set -eu
cd "$(dirname "$0")/.."
missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v caddy >/dev/null 2>&1 || missing="$missing caddy"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
fonts=/usr/share/fonts
[ -e $fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
[ -e $fonts/truetype/liberation/LiberationSansNarrow-Regular.ttf ] || missing="$missing fonts-liberation"
[ -e $fonts/truetype/vlgothic/VL-PGothic-Regular.ttf ] || missing="$missing fonts-vlgothic"
[ -e $fonts/opentype/ipafont-mincho/ipamp.ttf ] || missing="$missing fonts-ipafont-mincho"
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "The tests need more packages. Type: sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "Installing$missing …" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
wanted=$(cksum <requirements/dev.txt)
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/kneadwork.dev 2>/dev/null)" != "$wanted" ]; then
  python=$(command -v python3.11 || command -v python3)
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  echo "Fetching what the tests need …" >&2
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
  printf '%s\n' "$wanted" >.venv/kneadwork.dev
  cksum <requirements/run.txt >.venv/kneadwork.lock
fi
