"""Objectives and loops in Python, over gRPC: `objective: {plugin: [python3, mine.py], name: f}`.

    from rush_plugin import arg, serve

    def f(xs, task):                                # xs is a dict; task: see Task
        return {"y": xs["x"] ** 2}

    def climb(worker, step: float = arg(0.1, lower=0, help="how far")):     # worker: see rush_worker.Worker
        for task in worker.tasks(lambda claim: {"x": claim.random.uniform(0, 1)}):
            worker.evaluate(task)

    serve(objectives={"f": f}, loops={"climb": climb})

Copy this file, rush_worker.py and the directory rushpb. They need Python 3.7 or later, grpcio, protobuf and msgpack (in
Debian python3-grpcio, python3-protobuf, python3-msgpack), on Linux or macOS. docs/plugins.md has more.
"""
import inspect
import math
import os
import queue
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace as Record

import grpc
from rush_worker import OPTIONS, Prints, Task, Worker, condition, pack, randomness, spill, unpack
from rushpb import (catalog_pb2, catalog_pb2_grpc, evaluator_pb2 as ev, evaluator_pb2_grpc, goplugin_pb2, goplugin_pb2_grpc,
                    loop_pb2, loop_pb2_grpc)

COOKIE = "4f0a7c52-a-rush-worker"
TYPES = {"float": "dbl", "int": "int", "bool": "lgl", "str": "chr", "list": "list", "tuple": "list", "dict": "map"}


def arg(default=..., lower=-math.inf, upper=math.inf, choices=(), help=""):
    """The default of a loop's parameter that says more about it; one without a default has to be given."""
    return Record(default=default, lower=lower, upper=upper, choices=choices, help=help)


def arguments(loop):
    """What is declared of a loop's parameters after the worker, by name."""
    found = {}
    for p in list(inspect.signature(loop).parameters.values())[1:]:
        a = p.default if isinstance(p.default, Record) else arg(... if p.default is p.empty else p.default)
        known = type(a.default).__name__ if p.annotation is p.empty else getattr(p.annotation, "__name__", p.annotation)
        found[p.name] = Record(**{**a.__dict__, "type": TYPES.get(known, "any")})
    return found


class Program:
    """The services. What a person wrote runs in the main thread, one thing at a time."""

    def __init__(self, objectives, loops):
        self.objectives, self.loops, self.jobs, self.hosts = objectives, loops, queue.Queue(), {}

    def Describe(self, request, context):
        made = catalog_pb2.Description(language="python")
        for name, f in self.objectives.items():
            made.objectives.add(name=name, help=inspect.getdoc(f) or "")
        for name, f in self.loops.items():
            declared = made.loops.add(name=name, help=inspect.getdoc(f) or "", declared=True)
            for key, a in arguments(f).items():
                more = {} if a.default in (..., None) else {"default": pack(a.default)}
                declared.arguments.add(name=key, type=a.type, required=a.default is ..., choices=a.choices, help=a.help,
                                       bounded=(a.lower, a.upper) != (-math.inf, math.inf), lower=a.lower, upper=a.upper, **more)
        return made

    def Evaluate(self, messages, context):
        events, request = queue.Queue(), next(messages).request
        self.jobs.put(lambda: events.put(self.answer(request, messages, events)))
        event = ev.EvaluateEvent()
        while not event.HasField("answer"):
            event = events.get()
            yield event

    def answer(self, m, messages, events):
        task = Task(key=m.task, attempt=m.attempt, timeout=m.timeout_us / 1e6, constants=unpack(m.constants, m.constants_file),
                    network=m.network, worker=m.worker_id, scratch=m.scratch, **randomness(m.rng_stream),
                    _events=events, _messages=messages, _from=m.checkpoint_from_file, _to=m.checkpoint_file)
        try:
            ys = find(self.objectives, m.objective)(unpack(m.xs, m.xs_file), task) or {}
            answer = ev.Answer(**spill("ys", pack(ys), m.scratch))
        except Exception as e:
            answer = ev.Answer(condition=condition(e))
        sys.stdout.end()
        sys.stderr.end()
        return ev.EvaluateEvent(answer=answer)

    def StartStream(self, infos, context):
        for info in infos:
            self.host(info.service_id).put(info.address if info.network == "tcp" else f"unix:{info.address}")
            yield from ()

    def host(self, number):
        return self.hosts.setdefault(number, queue.Queue())

    def Run(self, request, context):
        done = queue.Queue()
        self.jobs.put(lambda: done.put(self.loop(request)))
        return done.get()

    def loop(self, m):
        try:
            loop = find(self.loops, m.name)
            defaults = {name: None if a.default is ... else a.default for name, a in arguments(loop).items()}
            loop(Worker(self.host(m.host).get(timeout=30)), **{**defaults, **unpack(m.args)})
        except Exception as e:
            return loop_pb2.RunLoopReply(condition=condition(e))
        return loop_pb2.RunLoopReply()

    def Shutdown(self, request, context):
        self.jobs.put(None)
        return goplugin_pb2.Empty()


def find(served, name):
    return served[name] if name else next(iter(served.values()))


def serve(objectives=None, loops=None):
    """Serve objectives and loops by name, until the program that started this one has had enough."""
    if os.environ.pop("RUSH_PLUGIN", None) != COOKIE:
        sys.exit(f"This program serves rush: `rush plugins -- python3 {sys.argv[0]}` says what; a search file names it.")
    stdin = os.fdopen(os.dup(0))  # it ends with the program that started this one, and so does this
    threading.Thread(target=lambda: stdin.read() or os._exit(1), daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what an objective starts does not hold it
    sys.stdout, sys.stderr = Prints(sys.stdout), Prints(sys.stderr)
    program, server = Program(objectives or {}, loops or {}), grpc.server(ThreadPoolExecutor(8), options=OPTIONS)
    for add in (catalog_pb2_grpc.add_CatalogServicer_to_server, evaluator_pb2_grpc.add_EvaluatorServicer_to_server,
                loop_pb2_grpc.add_LoopServicer_to_server, goplugin_pb2_grpc.add_GRPCBrokerServicer_to_server,
                goplugin_pb2_grpc.add_GRPCControllerServicer_to_server):
        add(program, server)
    serving = grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01")
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": serving})])
    path = os.path.join(os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.mkdtemp(), f"plugin{os.getpid()}")
    server.add_insecure_port(f"unix:{path}")
    server.start()
    print(f"1|1|unix|{path}|grpc", flush=True)
    try:
        for job in iter(program.jobs.get, None):
            job()
    except BaseException as e:  # such as sys.exit in an objective: the threads are not waited for
        traceback.print_exc()
        sys.stdout.end()
        os._exit(e.code if isinstance(getattr(e, "code", 1), int) else 1)
    server.stop(0).wait()
