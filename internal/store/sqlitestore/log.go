package sqlitestore

// log appends an ending to the log, or, with the state withdrawn, takes the
// last one of the task back.
func (t *txn) log(task, attempt, state int64) error {
	err := t.stmt("INSERT INTO endings (id, number, attempt, state) VALUES (?, ?, ?, ?)").
		int(t.id(t.net.logEnd)).int(int64(number(task))).int(attempt).int(state).run()
	t.net.logEnd++
	if state != withdrawn {
		t.net.alive = t.now
	}
	t.topics |= topicLog
	return err
}
