"""A news site on loopback, that says what it was asked."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from tests.sources.test_archives import PAGE, RSS


class Site(BaseHTTPRequestHandler):
    """A small news site: pages, a feed, a sitemap, things forbidden, moved, busy and endless."""

    asked: list[tuple[str, dict[str, str]]]
    busy: int

    def do_GET(self) -> None:
        type(self).asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        here = f"http://{self.headers['host']}"
        body, kind, status, more = PAGE, "text/html; charset=utf-8", 200, {}
        if self.path == "/robots.txt":
            body, kind = "User-agent: *\nDisallow: /secret\n", "text/plain"
        elif self.path == "/feed":
            body, kind, more = RSS.replace("https://example.org", here), "application/rss+xml", {"ETag": '"v1"'}
            if self.headers.get("if-none-match") == '"v1"':
                body, status = "", 304
        elif self.path == "/sitemap.xml":
            body, kind = (
                f"<urlset><url><loc>{here}/1</loc></url><url><loc>{here}/secret</loc></url></urlset>",
                "text/xml",
            )
        elif self.path == "/moved":
            body, status, more = "", 302, {"Location": "/1"}
        elif self.path == "/inside":
            body, status, more = "", 302, {"Location": "file:///etc/passwd"}
        elif self.path == "/busy":
            type(self).busy -= 1
            status, more = (503, {"Retry-After": "7"}) if self.busy >= 0 else (200, {})
        elif self.path == "/large":
            body = "x" * (17 * 1024 * 1024)
        elif self.path == "/gone":
            status = 410
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body.encode())), **more}.items():
            self.send_header(key, value)
        self.end_headers()
        try:
            self.wfile.write(body.encode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass
