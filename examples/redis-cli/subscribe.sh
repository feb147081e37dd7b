#!/bin/sh
# Print the headline of each article: ./subscribe.sh [options of redis-cli, such as -u URL or -s SOCKET]
#
# A member of a consumer group, with redis-cli (7 or newer) and jq alone. An entry is acknowledged after it was
# printed; what an earlier run took and did not acknowledge is printed first.
set -eu
stream=${COPYDESK_STREAM:-copydesk:articles}
group=example-redis-cli
member=$(hostname)

redis-cli "$@" XGROUP CREATE "$stream" "$group" 0 MKSTREAM 2>&1 | grep -q -e OK -e BUSYGROUP

from=0 # what is ours already, then > for new entries
while :; do
    reply=$(redis-cli "$@" --json XREADGROUP GROUP "$group" "$member" COUNT 1 BLOCK 5000 STREAMS "$stream" "$from")
    id=$(printf '%s' "$reply" | jq -r '.[]?[0][0] // empty')
    if [ -z "$id" ]; then
        from='>'
        continue
    fi
    printf '%s' "$reply" | jq -r '.[][0][1] | .[index("data") + 1] | fromjson | .headline'
    redis-cli "$@" XACK "$stream" "$group" "$id" >/dev/null
done
