package sqlitestore

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Send leaves a message for workers.
func (n *network) Send(ctx context.Context, m store.NewMessage, nonce string) (sent store.Sent, err error) {
	err = n.write(ctx, "send", func(t *txn) error {
		if sent, err = t.sent(nonce); err != nil || sent.ID != 0 {
			return err
		}
		sent.To, err = t.living(m.To)
		if err == nil && len(sent.To) > 0 {
			sent.ID, err = t.send(&m, sent.To, nonce)
		}
		for _, id := range sent.To {
			if err != nil {
				return err
			}
			err = t.event(id, slog.LevelInfo, "message", rush.Values{"command": string(m.Command), "id": int64(sent.ID)})
		}
		return err
	})
	return sent, err
}

// sent finds a message by its nonce; its ID is 0 if there is none.
func (t *txn) sent(nonce string) (sent store.Sent, err error) {
	s := t.stmt(`SELECT m.number, r.worker FROM messages m LEFT JOIN responses r ON r.network = m.network AND r.message = m.number
		WHERE m.network = ? AND m.nonce = ?`).int(t.net.id).text(nonce)
	for s.next() {
		sent.ID = rush.MessageID(s.getInt())
		if id := s.getText(); id != "" {
			sent.To = append(sent.To, rush.WorkerID(id))
		}
	}
	return sent, s.close()
}

// living lists those of the workers that are alive; nil means all.
func (t *txn) living(ids []rush.WorkerID) (alive []rush.WorkerID, err error) {
	s := t.stmt("SELECT name FROM workers WHERE network = ? AND state IN (1, 2) ORDER BY position").int(t.net.id)
	for s.next() {
		if id := rush.WorkerID(s.getText()); ids == nil || slices.Contains(ids, id) {
			alive = append(alive, id)
		}
	}
	return alive, s.close()
}

// send leaves a message for workers that are alive. The nonce may be empty.
func (t *txn) send(m *store.NewMessage, to []rush.WorkerID, nonce string) (rush.MessageID, error) {
	var number int64
	s := t.stmt("UPDATE networks SET last_message = last_message + 1 WHERE id = ? RETURNING last_message").int(t.net.id)
	for s.next() {
		number = s.getInt()
	}
	if err := s.close(); err != nil {
		return 0, err
	}
	err := t.stmt("INSERT INTO messages (network, number, nonce, command, argument) VALUES (?, ?, ?, ?, ?)").
		int(t.net.id).int(number).optText(nonce).text(string(m.Command)).blob(m.Argument).run()
	if err != nil {
		return 0, err
	}
	for _, id := range to {
		err := t.stmt("INSERT INTO responses (network, message, worker) VALUES (?, ?, ?)").int(t.net.id).int(number).text(string(id)).run()
		if err != nil {
			return 0, err
		}
	}
	t.topics |= topicSignals
	return rush.MessageID(number), nil
}

// AwaitMail blocks until a worker has mail.
func (n *network) AwaitMail(ctx context.Context, id rush.WorkerID, seen store.Seen, wait time.Duration) (mail store.Mail, err error) {
	err = n.await(ctx, topicSignals, wait, func(t *txn) (bool, error) {
		w, err := t.present(id)
		if err != nil {
			return false, err
		}
		mail.Signal = signalOf(w.signal)
		mail.Messages, err = t.mail(id, seen.Message)
		return mail.Signal != seen.Signal || len(mail.Messages) > 0, err
	})
	return mail, n.wrap("await mail", err)
}

// mail reads what a worker has not answered, after a message.
func (t *txn) mail(id rush.WorkerID, after rush.MessageID) (messages []store.Message, err error) {
	s := t.stmt(`SELECT m.number, m.command, m.argument FROM responses r INDEXED BY responses_pending
		JOIN messages m ON m.network = r.network AND m.number = r.message
		WHERE r.network = ? AND r.worker = ? AND r.at = 0 AND r.message > ? ORDER BY r.message`).
		int(t.net.id).text(string(id)).int(int64(after))
	for s.next() {
		messages = append(messages, store.Message{
			ID: rush.MessageID(s.getInt()), Command: rush.Command(s.getText()), Argument: s.getBlob(),
		})
	}
	return messages, s.close()
}

// Respond answers a message.
func (n *network) Respond(ctx context.Context, id rush.WorkerID, a store.Answer) error {
	return n.write(ctx, "respond", func(t *txn) error {
		t.topics |= topicResponses
		return t.stmt("UPDATE responses SET failed = ?, at = ?, body = ? WHERE network = ? AND message = ? AND worker = ? AND at = 0").
			bool(a.Failed).int(t.now).blob(a.Body).int(t.net.id).int(int64(a.Message)).text(string(id)).run()
	})
}

// closeMail answers all that a worker, which ends, has not answered.
func (t *txn) closeMail(end *store.WorkerEnd) error {
	body, err := wire.AppendValue(nil, "the worker ended before it answered: "+end.Reason)
	if err != nil {
		return err
	}
	t.topics |= topicResponses
	return t.stmt("UPDATE responses SET failed = 1, at = ?, body = ? WHERE network = ? AND worker = ? AND at = 0").
		int(t.now).blob(body).int(t.net.id).text(string(end.ID)).run()
}

// Responses reads the responses to a message.
func (n *network) Responses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID, wait time.Duration) (all []store.Response, err error) {
	err = n.await(ctx, topicResponses, wait, func(t *txn) (bool, error) {
		all, err = t.responses(message, ids)
		return !slices.ContainsFunc(all, func(r store.Response) bool { return r.Pending }), err
	})
	if err != nil {
		return nil, n.wrap("responses", err)
	}
	return all, nil
}

// responses reads those of the workers; nil means all.
func (t *txn) responses(message rush.MessageID, ids []rush.WorkerID) (all []store.Response, err error) {
	s := t.stmt("SELECT worker, failed, at, body FROM responses WHERE network = ? AND message = ? ORDER BY worker").
		int(t.net.id).int(int64(message))
	missing := slices.Clone(ids)
	for s.next() {
		r := store.Response{Worker: rush.WorkerID(s.getText()), Failed: s.getBool(), At: s.getInt(), Body: s.getBlob()}
		r.Pending = r.At == 0
		if ids == nil || slices.Contains(ids, r.Worker) {
			all = append(all, r)
			missing = slices.DeleteFunc(missing, func(id rush.WorkerID) bool { return id == r.Worker })
		}
	}
	switch err := s.close(); {
	case err != nil:
		return nil, err
	case len(missing) > 0:
		return nil, fmt.Errorf("worker %s: %w", missing[0], rush.ErrNoResponse)
	case ids == nil && len(all) == 0:
		return nil, rush.ErrNoResponse
	}
	return all, nil
}

// DeleteResponses deletes responses to a message.
func (n *network) DeleteResponses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID) error {
	return n.write(ctx, "delete responses", func(t *txn) error {
		t.topics |= topicResponses
		if err := t.deleteResponses(int64(message), ids); err != nil {
			return err
		}
		return t.stmt(`DELETE FROM messages WHERE network = ? AND number = ?
			AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.network = messages.network AND r.message = messages.number)`).
			int(t.net.id).int(int64(message)).run()
	})
}

// deleteResponses deletes those of the workers; nil means all.
func (t *txn) deleteResponses(message int64, ids []rush.WorkerID) error {
	if ids == nil {
		return t.stmt("DELETE FROM responses WHERE network = ? AND message = ?").int(t.net.id).int(message).run()
	}
	for _, id := range ids {
		err := t.stmt("DELETE FROM responses WHERE network = ? AND message = ? AND worker = ?").
			int(t.net.id).int(message).text(string(id)).run()
		if err != nil {
			return err
		}
	}
	return nil
}

// ResponseIDs lists the messages to which a worker has responded.
func (n *network) ResponseIDs(ctx context.Context, id rush.WorkerID) (ids []rush.MessageID, err error) {
	err = n.read(ctx, "response ids", func(t *txn) error {
		s := t.stmt("SELECT message FROM responses WHERE network = ? AND worker = ? AND at > 0 ORDER BY message").
			int(t.net.id).text(string(id))
		for s.next() {
			ids = append(ids, rush.MessageID(s.getInt()))
		}
		return s.close()
	})
	return ids, err
}

// deleteMessages forgets all messages and responses.
func (t *txn) deleteMessages() error {
	for _, sql := range []string{"DELETE FROM messages WHERE network = ?", "DELETE FROM responses WHERE network = ?"} {
		if err := t.stmt(sql).int(t.net.id).run(); err != nil {
			return err
		}
	}
	return nil
}
