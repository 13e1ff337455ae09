# The image of web and worker: the same code, started by two commands (compose.yaml).
FROM python:3.11-slim-bookworm AS built
WORKDIR /proviso
COPY requirements.txt .
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/proviso/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PROVISO_VAR=/var/lib/proviso
# Each commit of an index starts threads of its own, and glibc would keep what was freed for each of them: 280 MB after
# twenty commits instead of 170.
ENV MALLOC_ARENA_MAX=2
RUN useradd --uid 10001 --user-group --no-create-home proviso && install -d -o proviso -g proviso /var/lib/proviso
WORKDIR /proviso
COPY --from=built /proviso/.venv .venv
COPY . .
RUN python -m compileall -q annotator config retrieval scoring
USER proviso
VOLUME /var/lib/proviso
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=6 \
  CMD ["python", "-c", "from os import environ; from urllib.request import urlopen; \
urlopen(f'http://127.0.0.1:{environ.get(\"PORT\", 8000)}/readyz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--without-worker"]
