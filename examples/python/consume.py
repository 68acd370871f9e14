#!/usr/bin/python3
"""Prints what a topic of Weir's holds now, a JSON object a line, decoded with the .avsc files alone.

    consume.py BROKER weir.requests [NEWEST]         of each partition only so many of the newest

weir.series holds remote-write requests and no Avro; its records are printed in hexadecimal. They are written by transactions, whose
ends take offsets, too: so fewer than NEWEST may be printed.
"""

import json
import sys

import confluent_kafka

from weir_events import Codec

CODECS = {codec.header: codec for codec in map(Codec, ("ScrapeEvent", "RequestEvent", "Tick", "DeadLetter"))}


def decoded(value):
    codec = CODECS.get(value[:10])
    return {"event": codec.name, **codec.decode(value)} if codec else {"event": None, "bytes": value.hex()}


def values(consumer, place, end):
    """The values from a place on, up to the offset end or the last record that there is."""
    consumer.assign([place])
    while True:
        message = consumer.poll(10)
        if message is None:
            raise TimeoutError("no answer about %s-%d in 10 s" % (place.topic, place.partition))
        if message.error() and message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
            return
        if message.error():
            raise confluent_kafka.KafkaException(message.error())
        if message.offset() >= end:
            return
        yield message.value()


def main():
    broker, topic = sys.argv[1:3]
    newest = int(sys.argv[3]) if len(sys.argv) > 3 else None
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "example-python",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    try:
        for partition in consumer.list_topics(topic, 10).topics[topic].partitions:
            place = confluent_kafka.TopicPartition(topic, partition)
            first, end = consumer.get_watermark_offsets(place, 10)
            place.offset = first if newest is None else max(first, end - newest)
            for value in values(consumer, place, end):
                print(json.dumps(decoded(value), default=lambda body: body.decode("utf-8", "replace")))
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
