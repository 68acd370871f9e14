#!/usr/bin/python3
"""Prints what a topic of Weir's holds now, a JSON object a line, decoded with the .avsc files alone.

    consume.py BROKER weir.requests [NEWEST]         of each partition only so many of the newest
"""

import json
import sys

import confluent_kafka

from weir_events import Codec

CODECS = {codec.header: codec for codec in map(Codec, ("ScrapeEvent", "RequestEvent", "Tick", "DeadLetter"))}


def decoded(value):
    codec = CODECS.get(value[:10])
    return {"event": codec.name, **codec.decode(value)} if codec else {"event": None, "bytes": value.hex()}


def main():
    broker, topic = sys.argv[1:3]
    newest = int(sys.argv[3]) if len(sys.argv) > 3 else None
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": broker, "group.id": "example-python", "enable.auto.commit": False}
    )
    partitions = consumer.list_topics(topic, 10).topics[topic].partitions
    for partition in partitions:
        place = confluent_kafka.TopicPartition(topic, partition)
        first, end = consumer.get_watermark_offsets(place, 10)
        if newest is not None:
            first = max(first, end - newest)
        place.offset = first
        consumer.assign([place])
        while first < end:
            message = consumer.poll(10)
            if message is None:
                raise TimeoutError("no record of %s-%d at %d" % (topic, partition, first))
            if message.error():
                raise confluent_kafka.KafkaException(message.error())
            first = message.offset() + 1
            print(json.dumps(decoded(message.value()), default=lambda value: value.decode("utf-8", "replace")))
    consumer.close()


if __name__ == "__main__":
    main()
