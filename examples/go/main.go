// Print each article about defense or diplomacy: go mod tidy && go run . [REDIS_URL]
//
// A member of a consumer group: it acknowledges what it has handled, takes over what a dead member left, moves what
// keeps failing to the group's dead letters, and makes the group again when Redis has lost it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	stream        = "copydesk:articles"
	group         = "example-go"
	retryAfter    = time.Minute // longer than handle ever takes
	maxDeliveries = 5
)

var wanted = []string{"defense", "diplomacy"}

type record struct {
	Headline     string  `json:"headline"`
	PrimaryTopic *string `json:"primary_topic"`
}

type member struct {
	client *redis.Client
	name   string
}

func main() {
	url := "redis://localhost:6379/0"
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		log.Fatal(err)
	}
	host, _ := os.Hostname()
	reader := member{redis.NewClient(options), fmt.Sprintf("%s:%d", host, os.Getpid())}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	for ctx.Err() == nil {
		if err := reader.step(context.Background()); err != nil {
			log.Printf("waiting: %v", err)
			time.Sleep(time.Second)
		}
	}
}

// step handles one entry, if there is one within a second.
func (m member) step(ctx context.Context) error {
	message, err := m.next(ctx)
	if err != nil && strings.HasPrefix(err.Error(), "NOGROUP") {
		return m.client.XGroupCreateMkStream(ctx, stream, group, "0").Err() // from the oldest entry
	}
	if err != nil || message == nil {
		return err
	}
	if err := handle(message.Values); err != nil {
		return err // not acknowledged: it comes again
	}
	return m.client.XAck(ctx, stream, group, message.ID).Err()
}

func handle(fields map[string]any) error {
	text := func(name string) string { value, _ := fields[name].(string); return value }
	if !slices.ContainsFunc(strings.Split(text("topics"), ","), func(topic string) bool { return slices.Contains(wanted, topic) }) {
		return nil
	}
	if !strings.Contains(text("ce_dataschema"), ":1.") {
		return fmt.Errorf("%s is newer than this program", text("ce_dataschema"))
	}
	var article record
	if err := json.Unmarshal([]byte(text("data")), &article); err != nil {
		return err
	}
	topic := "no topic"
	if article.PrimaryTopic != nil {
		topic = *article.PrimaryTopic
	}
	fmt.Println(text("ce_type"), topic, article.Headline)
	return nil
}

func (m member) next(ctx context.Context) (*redis.XMessage, error) {
	if message, err := m.takeOver(ctx); err != nil || message != nil {
		return message, err
	}
	read, err := m.client.XReadGroup(ctx, &redis.XReadGroupArgs{
		Group: group, Consumer: m.name, Streams: []string{stream, ">"}, Count: 1, Block: time.Second,
	}).Result()
	if errors.Is(err, redis.Nil) || len(read) == 0 {
		return nil, ignoreNil(err)
	}
	return &read[0].Messages[0], nil
}

// takeOver gives what a member took more than retryAfter ago and did not acknowledge, if anything.
func (m member) takeOver(ctx context.Context) (*redis.XMessage, error) {
	pending, err := m.client.XPendingExt(ctx, &redis.XPendingExtArgs{
		Stream: stream, Group: group, Idle: retryAfter, Start: "-", End: "+", Count: 1,
	}).Result()
	if err != nil || len(pending) == 0 {
		return nil, ignoreNil(err)
	}
	claimed, err := m.client.XClaim(ctx, &redis.XClaimArgs{
		Stream: stream, Group: group, Consumer: m.name, MinIdle: retryAfter, Messages: []string{pending[0].ID},
	}).Result()
	if err != nil || len(claimed) == 0 {
		return nil, ignoreNil(err) // another member was faster
	}
	if pending[0].RetryCount < maxDeliveries {
		return &claimed[0], nil
	}
	return nil, m.bury(ctx, claimed[0], pending[0].RetryCount)
}

func (m member) bury(ctx context.Context, message redis.XMessage, deliveries int64) error {
	message.Values["error"] = fmt.Sprintf("given out %d times and never acknowledged", deliveries)
	message.Values["entry"] = message.ID
	_, err := m.client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.XAdd(ctx, &redis.XAddArgs{Stream: stream + ":dead:" + group, Values: message.Values})
		pipe.XAck(ctx, stream, group, message.ID)
		return nil
	})
	return err
}

func ignoreNil(err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}
