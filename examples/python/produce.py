#!/usr/bin/python3
"""Tells Weir of a scrape, or of requests.

    produce.py BROKER scrape --job vllm --instance 10.0.0.1:8000 [--final] < metrics.txt
    produce.py BROKER requests < events.jsonl        a RequestEvent as JSON in each line
"""

import argparse
import json
import sys
import time

from weir_events import EventProducer


def scrape_event(arguments, body):
    now_ms = int(time.time() * 1000)
    labels = {"job": arguments.job, "instance": arguments.instance}
    labels.update(label.split("=", 1) for label in arguments.label)
    return {
        "project": arguments.project,
        "job": arguments.job,
        "target_url": "http://%s/metrics" % arguments.instance,
        "labels": labels,
        "scraper_id": arguments.scraper,
        "request_start_ms": now_ms,
        "request_end_ms": now_ms,
        "interval_ms": 15000,
        # Counters of a process that began before this are not counted from zero.
        "watched_since_ms": arguments.watched_since_ms,
        "outcome": "BODY",
        "content_type": "text/plain; version=0.0.4",
        "body": body,
        "last_word": arguments.final,
    }


def main():
    parser = argparse.ArgumentParser(description="Tells Weir of a scrape, or of requests.")
    parser.add_argument("broker")
    kinds = parser.add_subparsers(dest="kind", required=True)
    scrape = kinds.add_parser("scrape", help="a /metrics page on standard input")
    scrape.add_argument("--project", default="default")
    scrape.add_argument("--job", required=True)
    scrape.add_argument("--instance", required=True)
    scrape.add_argument("--label", action="append", default=[], metavar="NAME=VALUE")
    scrape.add_argument("--scraper", default="example-python")
    scrape.add_argument("--watched-since-ms", type=int, default=int(time.time() * 1000))
    scrape.add_argument("--final", action="store_true", help="the process goes away")
    kinds.add_parser("requests", help="RequestEvents as JSON on standard input, a line each")
    arguments = parser.parse_args()
    producer = EventProducer(arguments.broker)
    if arguments.kind == "scrape":
        producer.scrape(scrape_event(arguments, sys.stdin.buffer.read()))
    else:
        for line in sys.stdin:
            producer.request(json.loads(line))
    producer.flush()


if __name__ == "__main__":
    main()
