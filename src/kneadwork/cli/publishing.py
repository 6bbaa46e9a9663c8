"""What Caddy is told where the practice has a public address."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

CADDYFILE = """{{
	admin off
	storage file_system "{storage}"
{ports}	servers {{
		timeouts {{
			read_body 60s
			read_header 10s
			write 180s
			idle 2m
		}}
		max_header_size 16KB
	}}
}}

{site} {{
{tls}	encode gzip
	request_body {{
		max_size 64MB
	}}
	reverse_proxy 127.0.0.1:{port} {{
		header_up X-Kneadwork-Proto {{scheme}}
		header_up -X-Forwarded-Host
		header_up Host {{host}}
	}}
}}
"""


def caddyfile(public_url: str, port: int, home: Path) -> str:
    """Caddy's configuration for one public address in front of the server on `port`.

    KNEADWORK_CADDY_INTERNAL=1 takes Caddy's own local authority (tests, private networks).
    """
    url = urlsplit(public_url)
    internal = bool(os.environ.get("KNEADWORK_CADDY_INTERNAL"))
    ports = f"\thttps_port {url.port}\n\tauto_https disable_redirects\n\tskip_install_trust\n" if internal else ""
    return CADDYFILE.format(
        storage=home / "caddy",
        ports=ports,
        site=url.netloc,
        tls="\ttls internal\n" if internal else "",
        port=port,
    )
