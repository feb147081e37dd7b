# One image for every part of the service; docker-compose.yml says which part a container runs.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/copydesk
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY schemas schemas
COPY worker worker
RUN /opt/copydesk/bin/pip install --no-cache-dir --constraint requirements.lock '.[worker,formats,otel,web]' \
    && /opt/copydesk/bin/python -m compileall -q /opt/copydesk/lib

FROM python:3.12-slim
RUN useradd --uid 1000 --create-home copydesk
COPY --from=build /opt/copydesk /opt/copydesk
ENV PATH=/opt/copydesk/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER copydesk
WORKDIR /home/copydesk
ENTRYPOINT ["copydesk"]
CMD ["--help"]
