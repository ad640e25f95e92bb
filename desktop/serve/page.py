"""The page on `/`: what runs here, and examples to copy. Plain HTML that loads nothing else."""

from __future__ import annotations

import html
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from desktop.serve.bundles import Bundles
from desktop.serve.service import Service

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }
pre { overflow-x: auto; padding: .8rem 1rem; border: 1px solid #8886; border-radius: .5rem;
  user-select: all }
code, pre { font: 14px/1.5 ui-monospace, monospace }
td, th { text-align: start; padding: .15rem 1rem .15rem 0; vertical-align: top }
"""
_ROUTES = (
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/responses"),
    ("GET", "/v1/responses/ID"),
    ("WebSocket", "/v1/realtime"),
    ("POST", "/v1/embeddings"),
    ("POST", "/v1/images/generations"),
    ("POST", "/v1/images/edits"),
    ("POST", "/v1/audio/speech"),
    ("POST", "/v1/audio/transcriptions"),
    ("GET", "/v1/audio/voices"),
    ("POST", "/v1/videos"),
    ("GET", "/v1/videos/ID"),
    ("GET", "/v1/videos/ID/content"),
    ("POST", "/v1/x_medley/generations"),
)


@dataclass(frozen=True)
class Words:
    """What the page says, in one language."""

    language: str
    heading: str
    runs: str
    none: str
    modalities: str
    context: str
    starting: str
    engine: str
    own: str
    shared: str
    queue: str
    waiting: str
    token: str
    routes: str
    examples: str
    more: str


_ENGLISH = Words(
    language="en",
    heading="Medley serves programs on this computer",
    runs="Model",
    none="none is open yet",
    modalities="Answers in",
    context="Context, tokens",
    starting="not loaded yet",
    engine="Engine",
    own="this server's own",
    shared="the window's; you and programs take turns",
    queue="Now",
    waiting="{answering} answered, {waiting} waiting, {sessions} realtime sessions",
    token="Every request needs the token. `medley serve` says in the terminal in which file it "
    "lies. In the examples it is in MEDLEY_TOKEN.",
    routes="What there is",
    examples="Examples",
    more="Nothing here leaves this computer. Pages of other sites cannot use this server.",
)
_CHINESE = Words(
    language="zh-CN",
    heading="Medley 正在为这台电脑上的程序服务",
    runs="模型",
    none="尚未打开任何模型",
    modalities="可以用这些形式回答",
    context="上下文（词元）",
    starting="尚未加载",
    engine="引擎",
    own="这个服务器自己的",
    shared="窗口的引擎；您与程序轮流使用",
    queue="现在",
    waiting="正在回答 {answering} 个，等待 {waiting} 个，实时会话 {sessions} 个",
    token="每个请求都需要令牌。`medley serve` 会在终端中说明令牌文件的位置。"
    "下面的示例从 MEDLEY_TOKEN 读取它。",
    routes="可用的接口",
    examples="示例",
    more="这里的一切都不会离开这台电脑。其他网站的网页无法使用这个服务器。",
)


async def shown(request: Request) -> Response:
    """The page."""
    service: Service = request.app.state.service
    words = _words(request.headers.get("accept-language", ""))
    state = service.engine.state
    base = str(request.base_url).rstrip("/")
    model = state.bundle or service.bundles.name(service.bundle)
    facts = [
        (words.runs, f"{state.title} ({model})" if state.title else words.none),
        (words.modalities, ", ".join(_outputs(service.bundles, model))),
        (words.context, str(service.n_ctx(state) or words.starting)),
        (words.engine, words.shared if service.engine.is_shared else words.own),
        (words.queue, _doing(service, words)),
        ("API", f"{base}/v1"),
    ]
    page = _PAGE.format(
        language=words.language,
        style=_STYLE,
        heading=html.escape(words.heading),
        facts=_rows(facts),
        token=html.escape(words.token),
        routes_heading=html.escape(words.routes),
        routes=_rows(_ROUTES),
        examples_heading=html.escape(words.examples),
        curl=html.escape(_CURL.format(base=base, model=model)),
        python=html.escape(_PYTHON.format(base=base, model=model)),
        javascript=html.escape(_JAVASCRIPT.format(base=base, model=model)),
        more=html.escape(words.more),
    )
    return HTMLResponse(page, headers={**_HEADERS, "Content-Language": words.language})


def _words(accepted: str) -> Words:
    """In the first language of a browser that there is."""
    for one in accepted.lower().split(","):
        if one.strip().startswith("zh"):
            return _CHINESE
        if one.strip().startswith("en"):
            return _ENGLISH
    return _ENGLISH


def _doing(service: Service, words: Words) -> str:
    """What is computed, and what waits for it."""
    queue = service.engine.queue
    return words.waiting.format(
        answering=queue.taken, waiting=queue.waiting, sessions=len(service.sessions)
    )


def _outputs(bundles: Bundles, model: str) -> list[str]:
    manifest = bundles.manifest(model)
    return ["text", *(manifest.signals if manifest is not None else ())]


def _rows(rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    return "\n".join(
        f"<tr><th scope=row>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in rows
    )


_PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Medley</title><style>{style}</style></head>
<body><main>
<h1>{heading}</h1>
<table>{facts}</table>
<p>{token}</p>
<h2>{examples_heading}</h2>
<h3>curl</h3>
<pre>{curl}</pre>
<h3>Python (openai)</h3>
<pre>{python}</pre>
<h3>JavaScript (openai)</h3>
<pre>{javascript}</pre>
<h2>{routes_heading}</h2>
<table>{routes}</table>
<p>{more}</p>
</main></body></html>
"""
_CURL = """curl {base}/v1/chat/completions \\
  -H "Authorization: Bearer $MEDLEY_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Hello!"}}]}}'"""
_PYTHON = """import os
from openai import OpenAI

client = OpenAI(base_url="{base}/v1", api_key=os.environ["MEDLEY_TOKEN"])
stream = client.chat.completions.create(
    model="{model}",
    messages=[{{"role": "user", "content": "Hello!"}}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)"""
_JAVASCRIPT = """import OpenAI from "openai";

const client = new OpenAI({{ baseURL: "{base}/v1", apiKey: process.env.MEDLEY_TOKEN }});
const stream = await client.chat.completions.create({{
  model: "{model}",
  messages: [{{ role: "user", content: "Hello!" }}],
  stream: true,
}});
for await (const chunk of stream) {{
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}}"""
