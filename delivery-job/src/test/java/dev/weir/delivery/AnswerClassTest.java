package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerClassTest {
    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    200 |                                                                                                               | DELIVERED
                    204 |                                                                                                               | DELIVERED
                    202 | accepted                                                                                                      | DELIVERED
                    500 | internal                                                                                                      | RETRY
                    501 |                                                                                                               | RETRY
                    502 | bad gateway                                                                                                   | RETRY
                    503 | out of order                                                                                                  | RETRY
                    504 |                                                                                                               | RETRY
                    599 |                                                                                                               | RETRY
                    429 | err-mimir-tenant-max-ingestion-rate                                                                           | RETRY
                    408 |                                                                                                               | RETRY
                    425 |                                                                                                               | RETRY
                    401 | no token                                                                                                      | MISCONFIGURED
                    403 | wrong project                                                                                                 | MISCONFIGURED
                    404 | remote write receiver needs to be enabled                                                                     | MISCONFIGURED
                    405 |                                                                                                               | MISCONFIGURED
                    407 |                                                                                                               | MISCONFIGURED
                    410 |                                                                                                               | MISCONFIGURED
                    415 | unsupported media type                                                                                        | MISCONFIGURED
                    421 |                                                                                                               | MISCONFIGURED
                    426 |                                                                                                               | MISCONFIGURED
                    301 |                                                                                                               | MISCONFIGURED
                    304 |                                                                                                               | MISCONFIGURED
                    101 |                                                                                                               | MISCONFIGURED
                    400 | out of order sample                                                                                           | DUPLICATE
                    400 | duplicate sample for timestamp                                                                                | DUPLICATE
                    400 | duplicate sample for timestamp 5; overrides not allowed: existing 1, new value 2                              | DUPLICATE
                    400 | duplicate native histogram sample for timestamp 5                                                             | DUPLICATE
                    400 | out-of-order native histogram ingestion is disabled                                                           | DUPLICATE
                    400 | out of bounds                                                                                                 | TOO_OLD
                    400 | too old sample                                                                                                | TOO_OLD
                    400 | out of bounds: timestamp is too far in the future                                                             | REJECTED
                    400 | duplicate sample for timestamp 5 of {__name__="up"} (expected: the value already stored, or a later time)     | DUPLICATE
                    400 | out of order sample: timestamp 5 of {__name__="up"} (expected: later than 6)                                  | DUPLICATE
                    400 | out of bounds: timestamp 5 of {__name__="up"} is too old (expected: within the retention of PT720H before 9)  | TOO_OLD
                    400 | out of bounds: timestamp 9 of {__name__="up"} is too far in the future (expected: at most 10 minutes after 5) | REJECTED
                    400 | cannot insert row with too small timestamp 5 outside the retention; minimum allowed timestamp is 9            | TOO_OLD
                    400 | cannot insert row with too big timestamp 9 exceeding the current time; maximum allowed timestamp is 5         | REJECTED
                    400 | user=1: received a sample whose timestamp is too far in the future (err-mimir-too-far-in-future)              | REJECTED
                    400 | Out of order sample from remote write                                                                         | DUPLICATE
                    400 | user=1: ... different value (err-mimir-sample-duplicate-timestamp)                                            | DUPLICATE
                    400 | user=1: the sample is out of order (err-mimir-sample-out-of-order)                                            | DUPLICATE
                    400 | user=1: too far in the past (err-mimir-sample-timestamp-too-old)                                              | TOO_OLD
                    400 | sample for "up" has the same timestamp but another value                                                      | DUPLICATE
                    409 | store locally for endpoint: conflict                                                                          | DUPLICATE
                    422 | out of order                                                                                                  | DUPLICATE
                    400 | label name "1a" is not valid                                                                                  | REJECTED
                    400 |                                                                                                               | REJECTED
                    402 |                                                                                                               | MISCONFIGURED
                    406 |                                                                                                               | MISCONFIGURED
                    413 | request entity too large                                                                                      | TOO_LARGE
                    418 |                                                                                                               | MISCONFIGURED
                    422 | histogram bucket counts                                                                                       | REJECTED
                    451 |                                                                                                               | MISCONFIGURED
                    431 | | MISCONFIGURED
                    400 | Client sent an HTTP request to an HTTPS server. | MISCONFIGURED
                    400 | <title>400 The plain HTTP request was sent to HTTPS port</title> | MISCONFIGURED
                    500 | native histograms are disabled | NO_NATIVE_HISTOGRAMS
                    400 | native histograms are disabled | NO_NATIVE_HISTOGRAMS
                    200 | native histograms are disabled | DELIVERED
                    409 | store locally for endpoint: out of bounds | TOO_OLD
                    409 | add sample: too far in the future | REJECTED
                    """)
    void statusAndTextDecide(int status, @org.jspecify.annotations.Nullable String body, AnswerClass expected) {
        assertEquals(expected, AnswerClass.of(status, body == null ? "" : body));
    }
}
