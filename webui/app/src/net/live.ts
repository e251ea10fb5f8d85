// The connection to a network: a snapshot, then what changes. After a break it
// goes on where it was, and takes a new snapshot where that cannot be.

import type { Rows } from '../data/store';
import { networkAddress } from './api';
import type { Decoder } from './decoder';
import { AnswerError } from './decoder';
import { follows, formatSequence, HEAD, parseSequence, readHead, type Sequence } from './sequence';

/** Where the connection stands. */
export type Phase = 'loading' | 'live' | 'lost' | 'refused';

export interface Text {
  type: string;
  [field: string]: unknown;
}

/** What a connection tells. */
export interface Listener {
  phase(phase: Phase, problem: string): void;
  /** Takes a snapshot; what changes is told when it has. */
  snapshot(pieces: Rows[]): Promise<void>;
  rows(pieces: Rows[]): void;
  text(message: Text): void;
  /** Something came: what is shown is of this moment. */
  heard(): void;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;
const PING_EVERY = 2000;
const SILENCE = 6500;

export class Live {
  private socket: WebSocket | null = null;
  private last: Sequence | null = null;
  private wait = FIRST_WAIT;
  private timer: ReturnType<typeof setTimeout> | undefined;
  // Once it has been calm for a while, the next break is tried again at once.
  private calm: ReturnType<typeof setTimeout> | undefined;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private closed = false;
  // Snapshots and frames are decoded in turn; what was asked for before a new
  // snapshot is worth nothing after it.
  private generation = 0;
  private following: string | null = null;

  constructor(
    private readonly id: string,
    private readonly decoder: Decoder,
    private readonly listener: Listener,
  ) {}

  /** Begins, with a snapshot. */
  start(): void {
    void this.load();
  }

  /** Ends it all; nothing is told any more. */
  stop(): void {
    this.closed = true;
    this.generation++;
    clearTimeout(this.timer);
    this.drop();
  }

  /** Tries now instead of after the wait. */
  hurry(): void {
    if (this.closed || this.socket) return;
    clearTimeout(this.timer);
    this.again();
  }

  /** Follows the log from now on; null stops it. A reconnection follows it again. */
  followLogs(filter: { level?: string; worker?: string } | null): void {
    this.following = filter ? JSON.stringify({ type: 'logs', on: true, ...filter }) : null;
    this.say(this.following ?? JSON.stringify({ type: 'logs', on: false }));
  }

  private say(text: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  private reload(): void {
    this.wait *= 2;
    void this.load();
  }

  private async load(): Promise<void> {
    const mine = ++this.generation;
    this.drop();
    try {
      const snapshot = await this.decoder.snapshot(networkAddress(this.id, '/tasks'));
      if (mine !== this.generation) return;
      this.last = parseSequence(snapshot.sequence);
      await this.listener.snapshot(snapshot.pieces);
      if (mine !== this.generation) return;
      this.listener.heard();
      this.connect(mine);
    } catch (error) {
      if (mine !== this.generation) return;
      const problem = error instanceof Error ? error.message : String(error);
      const refused = error instanceof AnswerError && [400, 401, 403, 404, 410].includes(error.status);
      this.listener.phase(refused ? 'refused' : 'lost', problem);
      this.later();
    }
  }

  private connect(mine: number): void {
    const url = networkAddress(this.id, '/live', { after: this.last ? formatSequence(this.last) : undefined }).replace(/^http/, 'ws');
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      this.heard();
      if (this.following) this.say(this.following);
      clearInterval(this.pinger);
      this.pinger = setInterval(() => this.ping(), PING_EVERY);
    };
    socket.onmessage = (event) => {
      if (mine !== this.generation) return;
      this.heard();
      if (typeof event.data === 'string') this.text(event.data);
      else void this.frame(event.data as ArrayBuffer, mine);
    };
    socket.onclose = () => {
      if (this.socket !== socket || this.closed) return;
      this.drop();
      this.listener.phase('lost', 'the server does not answer');
      this.later();
    };
  }

  private heard(): void {
    this.heardAt = performance.now();
    this.listener.heard();
  }

  private ping(): void {
    if (performance.now() - this.heardAt > SILENCE && document.visibilityState === 'visible') this.socket?.close();
    else this.say('{"type":"ping"}');
  }

  private text(data: string): void {
    const message = JSON.parse(data) as Text;
    if (message.type === 'resync') return this.wait > FIRST_WAIT ? this.restart() : this.reload();
    if (message.type === 'hello') {
      clearTimeout(this.calm);
      this.calm = setTimeout(() => (this.wait = FIRST_WAIT), LONGEST_WAIT);
      this.listener.phase('live', '');
    }
    this.listener.text(message);
  }

  private async frame(data: ArrayBuffer, mine: number): Promise<void> {
    const head = readHead(data);
    if (!head || head.kind !== 1) return;
    if (this.last) {
      const is = follows(this.last, head);
      if (is === 'old') return;
      if (is === 'gap') return this.reload();
    }
    this.last = { epoch: head.epoch, number: head.number };
    try {
      const pieces = await this.decoder.frame(data, HEAD);
      if (mine === this.generation) this.listener.rows(pieces);
    } catch (error) {
      if (mine !== this.generation) return;
      console.error('a frame could not be read; taking a new snapshot', error);
      this.restart();
    }
  }

  // A snapshot instead of what cannot be followed, but not at once again and again.
  private restart(): void {
    this.generation++;
    this.last = null;
    this.drop();
    this.later();
  }

  private drop(): void {
    clearTimeout(this.calm);
    clearInterval(this.pinger);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  private again(): void {
    if (this.closed) return;
    if (this.last) this.connect(this.generation);
    else void this.load();
  }
}
