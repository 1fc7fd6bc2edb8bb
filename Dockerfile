# syntax=docker/dockerfile:1
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS packages
COPY requirements/prod.lock /tmp/prod.lock
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --disable-pip-version-check -r /tmp/prod.lock

FROM python:${PYTHON}-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin postpurchase
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# The static files carry hashes in their names; no secret and no server is needed to make them.
RUN python -m compileall -q . \
 && printf '%s' 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())' > /tmp/key.py \
 && SECRET_KEY=build DATA_KEYS=$(python /tmp/key.py) LINK_KEY=00000000000000000000000000000000 \
    DATABASE_URL=postgresql://build@127.0.0.1/build REDIS_URL=redis://127.0.0.1 EMAIL_URL=smtp://127.0.0.1:25 \
    python manage.py collectstatic --noinput \
 && rm /tmp/key.py
USER postpurchase
EXPOSE 8000
CMD ["gunicorn", "postpurchase.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
