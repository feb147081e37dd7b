#!/usr/bin/env bash
# While the compose stack is up: a file dropped on the host must come out as a record, and lie in _done.
#   docker compose up -d --wait && tests/compose_hook.sh
set -euo pipefail
inbox=${COPYDESK_INBOX:-./inbox}
name=compose-check-$$.txt
cp tests/samples/nato-talks.txt "$inbox/.$name" && mv "$inbox/.$name" "$inbox/$name"
for _ in $(seq 100); do
    if compgen -G "$inbox/_done/*/$name" >/dev/null; then break; fi
    sleep 0.2
done
compgen -G "$inbox/_done/*/$name" >/dev/null || { echo "the file did not reach _done" >&2; exit 1; }
record=$(docker compose exec -T redis redis-cli --raw XREVRANGE "${COPYDESK_PREFIX:-copydesk}:articles" + - COUNT 1)
grep -q '"primary_topic":"diplomacy"' <<<"$record" || { echo "no record on the stream: $record" >&2; exit 1; }
docker compose exec -T watcher copydesk status
echo "compose: the record of $name is on the stream"
