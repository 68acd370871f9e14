"""Weir's events for Python: written to Kafka and read again, with nothing but the .avsc files of schemas/.

Needs confluent-kafka and avro (Debian: python3-confluent-kafka, python3-avro).
"""

import io
import json
import pathlib

import avro.io
import avro.schema
import confluent_kafka

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas/src/main/avro"
SCRAPES = "weir.scrapes"
REQUESTS = "weir.requests"
MAX_RECORD_BYTES = 49 << 20
MAGIC = b"\xc3\x01"


def fingerprint(schema):
    """CRC-64-AVRO of the schema's Parsing Canonical Form, little-endian: bytes 3 to 10 of a record."""
    empty = 0xC15D213AA4D7A795
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (empty & -(value & 1))
        table.append(value)
    crc = empty
    for byte in canonical(schema.to_json()).encode():
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc.to_bytes(8, "little")


def canonical(schema, namespace=""):
    """The schema's Parsing Canonical Form (Avro specification, "Transforming into Parsing Canonical Form")."""
    if isinstance(schema, str):
        return json.dumps(schema)
    if isinstance(schema, list):
        return "[" + ",".join(canonical(branch, namespace) for branch in schema) + "]"
    kept = []
    if schema["type"] in ("record", "enum"):
        namespace = schema.get("namespace", namespace)
        kept.append('"name":' + json.dumps(namespace + "." + schema["name"]))
    elif set(schema) <= {"type"}:
        return canonical(schema["type"], namespace)
    kept.append('"type":' + json.dumps(schema["type"]))
    if "fields" in schema:
        fields = [
            '{"name":%s,"type":%s}' % (json.dumps(field["name"]), canonical(field["type"], namespace))
            for field in schema["fields"]
        ]
        kept.append('"fields":[' + ",".join(fields) + "]")
    if "symbols" in schema:
        kept.append('"symbols":' + json.dumps(schema["symbols"], separators=(",", ":")))
    for inner in ("items", "values"):
        if inner in schema:
            kept.append('"%s":%s' % (inner, canonical(schema[inner], namespace)))
    return "{" + ",".join(kept) + "}"


class Codec:
    """One event type in Avro's single-object encoding: C3 01, the schema's fingerprint, the record."""

    def __init__(self, name):
        text = (SCHEMAS / (name + ".avsc")).read_text()
        self.name = name
        self.schema = avro.schema.parse(text)
        self.defaults = {
            field["name"]: field["default"] for field in json.loads(text)["fields"] if "default" in field
        }
        self.header = MAGIC + fingerprint(self.schema)

    def encode(self, event):
        """The event's bytes; fields that are left out have the schema's defaults."""
        out = io.BytesIO()
        out.write(self.header)
        avro.io.DatumWriter(self.schema).write({**self.defaults, **event}, avro.io.BinaryEncoder(out))
        return out.getvalue()

    def decode(self, value):
        if value[:10] != self.header:
            raise ValueError("%s: header %s (expected: %s)" % (self.name, value[:10].hex(), self.header.hex()))
        return avro.io.DatumReader(self.schema).read(avro.io.BinaryDecoder(io.BytesIO(value[10:])))


class EventProducer:
    """Writes events, each once and to all replicas; flush() raises if one of them was not written."""

    def __init__(self, bootstrap_servers, **config):
        self._kafka = confluent_kafka.Producer(
            {
                "compression.type": "lz4",
                "message.max.bytes": MAX_RECORD_BYTES,
                **config,
                "bootstrap.servers": bootstrap_servers,
                "acks": "all",
                "enable.idempotence": True,
                # That of Java's client: another one would part the scrapes of one target.
                "partitioner": "murmur2_random",
            }
        )
        self._scrapes = Codec("ScrapeEvent")
        self._requests = Codec("RequestEvent")
        self._failure = None

    def scrape(self, event):
        """Sends a ScrapeEvent, a dictionary of the schema's fields; its body is bytes."""
        key = "\0".join((event["project"], event["job"], event["target_url"]))
        # The schema's bytes default is a string in JSON.
        self._send(SCRAPES, key, self._scrapes.encode({"body": b"", **event}))

    def request(self, event):
        """Sends a RequestEvent, a dictionary of the schema's fields."""
        self._send(REQUESTS, event["request_id"], self._requests.encode(event))

    def flush(self, timeout_seconds=30.0):
        """Waits until everything sent is written; raises what went wrong first."""
        left = self._kafka.flush(timeout_seconds)
        if left:
            raise TimeoutError("%d events are not written after %s s" % (left, timeout_seconds))
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise confluent_kafka.KafkaException(failure)

    def _send(self, topic, key, value):
        while True:
            try:
                self._kafka.produce(topic, value=value, key=key.encode(), on_delivery=self._delivered)
                self._kafka.poll(0)
                return
            except BufferError:
                self._kafka.poll(0.1)

    def _delivered(self, error, _message):
        if error is not None and self._failure is None:
            self._failure = error
