"""Text that tries to be more than text, for every place where data reaches a page or a sheet."""

from __future__ import annotations

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "\"><img src=x onerror=window.pwned=1>",
    "'><svg/onload=window.pwned=1>",
    "\" onmouseover=\"window.pwned=1",
    "' onfocus='window.pwned=1' autofocus='",
    "<a href=\"javascript:window.pwned=1\">x</a>",
    "<iframe srcdoc=\"<script>parent.pwned=1</script>\"></iframe>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<form action=https://evil.example/><button>ok</button></form>",
    "<!--", "-->", "]]>", "<![CDATA[x]]>",
    "{{ 7 * 7 }}", "{% raw %}", "${7*7}", "@{name}{safe}",
    "$$\\href{https://evil.example/}{x}$$", "\\(x\\)",
    "&lt;script&gt;", "&#60;script&#62;",
    "\u2028alert(1)\u2029", "\x00\x08\x1b[31m",
    "=HYPERLINK(\"https://evil.example/\",\"x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1,1)",
    "\t=1+1", "\r=1+1",
)  # fmt: skip
