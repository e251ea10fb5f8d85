-- The tables of a rush database. A task is known by network << 40 | number, an
-- entry of the log of endings by network << 40 | offset. Times are
-- microseconds since 1970, durations nanoseconds; 0 or null is never or none.

CREATE TABLE networks (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE,
  renamed_from  TEXT,
  schema        INTEGER NOT NULL,            -- store.Schema of who created it
  created       INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 0,  -- of the definition; its body is in definitions
  task_limit    INTEGER NOT NULL DEFAULT 0,
  reserved      INTEGER NOT NULL DEFAULT 0,
  -- the run
  run_status    TEXT NOT NULL DEFAULT '',
  run_reason    TEXT NOT NULL DEFAULT '',
  run_elapsed   INTEGER NOT NULL DEFAULT 0,  -- of the legs that are over, microseconds
  run_started   INTEGER NOT NULL DEFAULT 0,
  run_ended     INTEGER NOT NULL DEFAULT 0,
  stop_status   TEXT,                        -- null unless a stop was requested
  stop_reason   TEXT,
  -- counters; each transaction keeps them
  epoch         INTEGER NOT NULL DEFAULT 0,
  alive         INTEGER NOT NULL DEFAULT 0,  -- last sign of life of the run
  next_number   INTEGER NOT NULL DEFAULT 0,
  log_end       INTEGER NOT NULL DEFAULT 0,
  queue_front   INTEGER NOT NULL DEFAULT 0,  -- the last position given in front, going down
  queue_back    INTEGER NOT NULL DEFAULT 0,  -- the last position given behind, going up
  deferred      INTEGER NOT NULL DEFAULT 0,
  queued        INTEGER NOT NULL DEFAULT 0,
  requeued      INTEGER NOT NULL DEFAULT 0,  -- of the queued ones, those taken from the budget before
  running       INTEGER NOT NULL DEFAULT 0,
  finished      INTEGER NOT NULL DEFAULT 0,
  failed        INTEGER NOT NULL DEFAULT 0,
  deleted       INTEGER NOT NULL DEFAULT 0,
  tasks         INTEGER NOT NULL DEFAULT 0,  -- ever created
  taken         INTEGER NOT NULL DEFAULT 0,  -- from the budget
  claimed       INTEGER NOT NULL DEFAULT 0,  -- numbers that workers hold
  pooled        INTEGER NOT NULL DEFAULT 0,  -- claimed numbers that went back
  registrations INTEGER NOT NULL DEFAULT 0,
  expires       INTEGER NOT NULL DEFAULT 0,  -- when it is to be destroyed
  queues        INTEGER NOT NULL DEFAULT 0,  -- rows in queues
  last_message  INTEGER NOT NULL DEFAULT 0
);

-- The epoch that a new network of this name begins with, so that cursors of
-- an earlier one are told from its own.
CREATE TABLE former_names (
  name  TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE definitions (
  network INTEGER PRIMARY KEY,
  body    BLOB
);

-- What a network keeps beside its definition.
CREATE TABLE documents (
  network INTEGER NOT NULL,
  name    TEXT NOT NULL,
  body    BLOB,
  PRIMARY KEY (network, name)
) WITHOUT ROWID;

CREATE TABLE tasks (
  id          INTEGER PRIMARY KEY,
  state       INTEGER NOT NULL,            -- 1 deferred, 2 queued, 3 running, 4 finished, 5 failed
  attempt     INTEGER NOT NULL DEFAULT 0,
  taken       INTEGER NOT NULL DEFAULT 0,  -- from the budget
  worker      INTEGER,                     -- workers.id
  queue       INTEGER NOT NULL,            -- queues.id
  holder      INTEGER,                     -- queues.id while queued, minus workers.id while running, else null
  position    INTEGER NOT NULL DEFAULT 0,  -- in the queue, while queued
  created     INTEGER NOT NULL,
  started     INTEGER NOT NULL DEFAULT 0,
  finished    INTEGER NOT NULL DEFAULT 0,
  proposing   INTEGER NOT NULL DEFAULT 0,
  waiting     INTEGER NOT NULL DEFAULT 0,
  evaluating  INTEGER NOT NULL DEFAULT 0,
  storing     INTEGER NOT NULL DEFAULT 0,
  max_retries INTEGER NOT NULL DEFAULT 0,
  xs          BLOB,
  ys          BLOB,
  xs_extra    BLOB,
  ys_extra    BLOB,
  condition   BLOB,
  function    TEXT,
  seed        BLOB,                        -- seven integers of four bytes, little-endian
  timeout     INTEGER,
  stall       INTEGER,
  memory      INTEGER,
  isolate     INTEGER,                     -- 1: in a process of its own
  depends_on  BLOB,                        -- numbers, each as the difference to the one before, a signed varint
  unfinished  INTEGER NOT NULL DEFAULT 0,  -- how many of them have not finished, while it is deferred
  progress    BLOB,
  reports     BLOB,                        -- each a step and a length, two varints, and ys; by step
  history     INTEGER NOT NULL DEFAULT 0   -- rows in attempts and late
);
-- What queues and workers hold: one index for both, as who pops moves a task
-- from the one to the other.
CREATE INDEX tasks_held ON tasks (holder, taken, position) WHERE holder IS NOT NULL;

CREATE INDEX tasks_deferred ON tasks (id) WHERE state = 1;

-- Who depends on whom, ended or not.
CREATE TABLE dependencies (
  parent INTEGER NOT NULL,
  child  INTEGER NOT NULL,
  PRIMARY KEY (parent, child)
) WITHOUT ROWID;

-- Attempts before the current one.
CREATE TABLE attempts (
  task      INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  worker    INTEGER,
  ys        BLOB,
  ys_extra  BLOB,
  condition BLOB,
  reports   BLOB,              -- as the task's
  started   INTEGER NOT NULL,
  finished  INTEGER NOT NULL,
  retried   INTEGER NOT NULL,  -- 1: who delivered it asked for another attempt
  PRIMARY KEY (task, number)
) WITHOUT ROWID;

-- Results for attempts that were over.
CREATE TABLE late (
  id        INTEGER PRIMARY KEY,
  task      INTEGER NOT NULL,
  attempt   INTEGER NOT NULL,
  worker    INTEGER,
  ys        BLOB,
  condition BLOB,
  at        INTEGER NOT NULL
);
CREATE INDEX late_task ON late (task);

-- The log of endings.
CREATE TABLE endings (
  id      INTEGER PRIMARY KEY,
  number  INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state   INTEGER NOT NULL   -- 4 finished, 5 failed, 0 withdrawn
);

-- The log: what workers tell and print, and the events in their lives. An entry
-- is known by network << 40 | offset.
CREATE TABLE log_entries (
  id      INTEGER PRIMARY KEY,
  time    INTEGER NOT NULL,
  worker  TEXT NOT NULL,
  task    INTEGER NOT NULL,  -- its number, or -1
  kind    TEXT NOT NULL,     -- log, event, stdout, stderr
  level   INTEGER NOT NULL,  -- -4 debug, 0 info, 4 warn, 8 error
  logger  TEXT NOT NULL,
  message TEXT NOT NULL,
  attrs   BLOB               -- a MessagePack map
);
CREATE TABLE logs (
  network INTEGER PRIMARY KEY,
  next    INTEGER NOT NULL DEFAULT 0,  -- offset of the next entry
  keep    INTEGER NOT NULL DEFAULT 0   -- how many are kept; 0 is store.LogKeep
);

-- Reserved numbers that are no tasks yet.
CREATE TABLE claims (
  id     INTEGER PRIMARY KEY,
  worker INTEGER             -- workers.id; null is the pool
);

-- Records of people's own; the values are MessagePack.
CREATE TABLE hashes (
  network INTEGER NOT NULL,
  key     TEXT NOT NULL,
  field   TEXT NOT NULL,
  value   BLOB NOT NULL,
  PRIMARY KEY (network, key, field)
) WITHOUT ROWID;

CREATE TABLE queues (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  network INTEGER NOT NULL,
  name    TEXT NOT NULL,     -- '' is the shared one
  UNIQUE (network, name)
);

CREATE TABLE workers (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  network    INTEGER NOT NULL,
  name       TEXT NOT NULL,
  state      INTEGER NOT NULL,            -- -1 deleted, 0 only a name, 1 running, 2 paused, 3 terminated, 4 killed, 5 lost
  signal     INTEGER NOT NULL DEFAULT 0,  -- 0 none, 1 terminate, 2 kill
  registered INTEGER NOT NULL DEFAULT 0,
  beat       INTEGER NOT NULL DEFAULT 0,
  ended      INTEGER NOT NULL DEFAULT 0,
  heartbeat  INTEGER NOT NULL DEFAULT 0,
  expiry     INTEGER NOT NULL DEFAULT 0,
  tasks      INTEGER NOT NULL DEFAULT 0,
  busy       INTEGER NOT NULL DEFAULT 0,
  nonce      INTEGER NOT NULL DEFAULT 0,
  answer     BLOB,                        -- of the step with that nonce
  popped     INTEGER,                     -- tasks.id of the task in that answer
  kept       TEXT,                        -- that task, if it was changed since in a way that cannot be undone; JSON
  position   INTEGER NOT NULL DEFAULT 0,  -- in the order of registration
  rejoined   INTEGER NOT NULL DEFAULT 0,  -- how often it was declared lost and came back
  was_paused INTEGER NOT NULL DEFAULT 0,  -- 1: it was paused when it ended
  reason     TEXT,
  local      INTEGER NOT NULL DEFAULT 0,
  pid        INTEGER NOT NULL DEFAULT 0,
  host       TEXT,
  platform   TEXT,
  user       TEXT,
  dir        TEXT,
  version    TEXT,
  loop       TEXT,
  queues     TEXT,                        -- JSON
  UNIQUE (network, name)
);

-- What workers were told, and what they answered. A response is pending while
-- it has no time.
CREATE TABLE messages (
  network  INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  nonce    TEXT,
  command  TEXT NOT NULL,
  argument BLOB,
  PRIMARY KEY (network, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_nonce ON messages (network, nonce) WHERE nonce IS NOT NULL;
CREATE TABLE responses (
  network INTEGER NOT NULL,
  message INTEGER NOT NULL,
  worker  TEXT NOT NULL,
  failed  INTEGER NOT NULL DEFAULT 0,
  at      INTEGER NOT NULL DEFAULT 0,
  body    BLOB,
  PRIMARY KEY (network, message, worker)
) WITHOUT ROWID;
CREATE INDEX responses_pending ON responses (network, worker, message) WHERE at = 0;

-- The nonces of the last creations and the numbers that they gave.
CREATE TABLE creations (
  id      INTEGER PRIMARY KEY,
  network INTEGER NOT NULL,
  nonce   TEXT NOT NULL,
  chunk   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  numbers BLOB,              -- as depends_on
  UNIQUE (network, nonce, chunk)
);

-- The limits of a network's object store; none until they are set.
CREATE TABLE object_limits (
  network      INTEGER PRIMARY KEY,
  inline_limit INTEGER NOT NULL,  -- bytes; 0 is none
  value_limit  INTEGER NOT NULL,  -- bytes; 0 is inline_limit
  directory    TEXT NOT NULL,
  folder       TEXT NOT NULL
);

CREATE TABLE objects (
  id      INTEGER PRIMARY KEY,
  network INTEGER NOT NULL,
  hash    TEXT NOT NULL,     -- SHA-256, hexadecimal
  size    INTEGER NOT NULL,  -- bytes
  place   TEXT NOT NULL,     -- inline, directory, reference
  path    TEXT NOT NULL,     -- of the file, unless inline
  put     INTEGER NOT NULL,  -- when it was put last
  data    BLOB,              -- if inline
  UNIQUE (network, hash)
);

-- The tags that hold objects. A task's tag is task:NUMBER.
CREATE TABLE object_tags (
  network INTEGER NOT NULL,
  tag     TEXT NOT NULL,
  hash    TEXT NOT NULL,
  PRIMARY KEY (network, tag, hash)
) WITHOUT ROWID;
CREATE INDEX object_tags_hash ON object_tags (network, hash);

-- Files of deleted objects, to be removed.
CREATE TABLE object_trash (
  network INTEGER NOT NULL,
  path    TEXT NOT NULL,
  PRIMARY KEY (network, path)
) WITHOUT ROWID;

-- Folders of the objects of destroyed networks, to be removed.
CREATE TABLE object_folders (path TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE VIEW networks_view AS
SELECT id, name, run_status, run_reason,
  strftime('%Y-%m-%d %H:%M:%f', nullif(run_started, 0) / 1e6, 'unixepoch') AS run_started,
  strftime('%Y-%m-%d %H:%M:%f', nullif(run_ended, 0) / 1e6, 'unixepoch') AS run_ended,
  deferred, queued, running, finished, failed, tasks AS created, deleted, claimed,
  task_limit, taken
FROM networks;

CREATE VIEW tasks_view AS
SELECT n.name AS network, t.id & 0xffffffffff AS number,
  CASE t.state WHEN 1 THEN 'deferred' WHEN 2 THEN 'queued' WHEN 3 THEN 'running'
    WHEN 4 THEN 'finished' WHEN 5 THEN 'failed' END AS state,
  t.attempt, w.name AS worker, q.name AS queue,
  strftime('%Y-%m-%d %H:%M:%f', t.created / 1e6, 'unixepoch') AS created,
  strftime('%Y-%m-%d %H:%M:%f', nullif(t.started, 0) / 1e6, 'unixepoch') AS started,
  strftime('%Y-%m-%d %H:%M:%f', nullif(t.finished, 0) / 1e6, 'unixepoch') AS finished,
  t.evaluating / 1e9 AS evaluating_seconds, t.max_retries, t.xs, t.ys, t.xs_extra, t.ys_extra, t.condition
FROM tasks t
JOIN networks n ON n.id = t.id >> 40
JOIN queues q ON q.id = t.queue
LEFT JOIN workers w ON w.id = t.worker;

CREATE VIEW log_view AS
SELECT n.name AS network, e.id & 0xffffffffff AS offset,
  strftime('%Y-%m-%d %H:%M:%f', e.time / 1e6, 'unixepoch') AS time,
  e.worker, nullif(e.task, -1) AS task, e.kind, e.level, e.logger, e.message
FROM log_entries e JOIN networks n ON n.id = e.id >> 40;

CREATE VIEW workers_view AS
SELECT n.name AS network, w.name AS worker,
  CASE w.state WHEN 1 THEN 'running' WHEN 2 THEN 'paused' WHEN 3 THEN 'terminated'
    WHEN 4 THEN 'killed' WHEN 5 THEN 'lost' END AS state,
  w.reason, w.pid, w.host, w.tasks, w.busy / 1e9 AS busy_seconds,
  strftime('%Y-%m-%d %H:%M:%f', w.registered / 1e6, 'unixepoch') AS registered,
  strftime('%Y-%m-%d %H:%M:%f', w.beat / 1e6, 'unixepoch') AS beat,
  strftime('%Y-%m-%d %H:%M:%f', nullif(w.ended, 0) / 1e6, 'unixepoch') AS ended
FROM workers w JOIN networks n ON n.id = w.network
WHERE w.state > 0;
