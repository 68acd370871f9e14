package dev.weir.simulator.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0, 0, 0.0, 0",
        "1, 1.0, 1, 1.0, 1",
        "0.3, 0.3, 0.3, 0.3, 0.3",
        "100000, 100000.0, 100000, 100000.0, 100000",
        "1048576, 1.048576e+06, 1.048576e+06, 1048576.0, 1048576",
        "39024848896, 3.9024848896e+010, 3.9024848896e+10, 3.9024848896E10, 39024848896",
        "1723656838.94, 1.72365683894e+09, 1.72365683894e+09, 1.72365683894E9, 1723656838.94",
        "10.950000000000001, 10.950000000000001, 10.950000000000001, 10.950000000000001, 10.950000000000001",
        "7.358146831393242E-5, 7.358146831393242e-05, 7.358146831393242e-05, 7.358146831393242E-5, "
                + "0.00007358146831393242",
        "-2.5, -2.5, -2.5, -2.5, -2.5",
        "Infinity, +Inf, +Inf, +Inf, +Inf",
        "NaN, NaN, NaN, NaN, NaN"
    })
    void areWrittenAsEachClientWritesThem(double value, String python, String go, String java, String rust) {
        assertEquals(python, Numbers.python(value));
        assertEquals(go, Numbers.go(value));
        assertEquals(java, Numbers.java(value));
        assertEquals(rust, Numbers.rust(value));
    }
}
