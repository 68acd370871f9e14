package dev.weir.standalone.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void drawsOneSeries() {
        double[] values = {0, 1, 2, 3, 4, 4, 3, 2, 1, 0};
        Answer answer = new Answer("matrix", "", List.of(series("rate", values)), List.of());
        assertEquals("""
                         4 +    **
                           |   *  *
                         2 +  *    *
                           | *      *
                         0 +*        *
                           +----------
                            00:00:00 00:01:30
                  *  rate  min 0  mean 2  last 0
                """, Chart.render(answer, 10, 5, ZoneOffset.UTC));
    }

    @Test
    void tellsSeveralSeriesApartAndLeavesGaps() {
        Answer answer = new Answer(
                "matrix",
                "",
                List.of(
                        series("{model=\"a\"}", 1, 1, Double.NaN, 1),
                        series("{model=\"b\"}", 3, Double.POSITIVE_INFINITY, 3, 2.5),
                        series("{model=\"c\"}", Double.NaN)),
                List.of());
        assertEquals("""
                         3 +b bb
                         2 +
                         1 +aa a
                           +----
                            00:00:00 00:00:30
                  a  {model="a"}  min 1  mean 1  last 1
                  b  {model="b"}  min 2.5  mean 2.8333  last 2.5
                  c  {model="c"}  no finite value
                """, Chart.render(answer, 4, 3, ZoneOffset.UTC));
    }

    @Test
    void drawsTheWayBetweenStepsThatAreColumnsApartButNotOverAGap() {
        List<Answer.Point> points = new ArrayList<>();
        for (int second : new int[] {0, 30, 60, 150}) {
            points.add(new Answer.Point(second, "", second == 30 ? 4 : 0));
        }
        Answer answer = new Answer("matrix", "", List.of(new Answer.Series("x", points)), List.of());
        assertEquals("""
                         4 +   *
                           |  * *
                         2 +
                           | *   *
                         0 +*     *        *
                           +----------------
                            00:00:00 00:02:30
                  *  x  min 0  mean 1  last 0
                """, Chart.render(answer, 16, 5, ZoneOffset.UTC));
    }

    @Test
    void saysWhatItDoesNotDraw() {
        List<Answer.Series> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(series("{i=\"" + i + "\"}", i));
        }
        String text = Chart.render(new Answer("matrix", "", many, List.of()), 10, 5, ZoneOffset.UTC);
        assertTrue(text.endsWith("  and 4 more series, not drawn\n"), text);
    }

    @Test
    void nothingToDrawIsSaid() {
        assertEquals(
                "no values\n", Chart.render(new Answer("matrix", "", List.of(), List.of()), 10, 5, ZoneOffset.UTC));
    }

    @Test
    void tableShowsScalarsHistogramsAndNothing() {
        assertEquals("no series\n", table("{\"data\":{\"resultType\":\"vector\",\"result\":[]}}"));
        assertEquals("NaN\n", table("{\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"NaN\"]}}"));
        assertEquals("hello\n", table("{\"data\":{\"resultType\":\"string\",\"result\":[1,\"hello\"]}}"));
        assertEquals(
                "h{a=\"b\"}  histogram count=3 sum=1.5\n",
                table("{\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"h\",\"a\":\"b\"},"
                        + "\"histogram\":[1,{\"count\":\"3\",\"sum\":\"1.5\",\"buckets\":[]}]}]}}"));
    }

    @Test
    void tableTellsCommonLabelsOnceAndARangeVectorsNewestValues() {
        String series = "{\"metric\":{\"__name__\":\"up\",\"job\":\"%s\",\"project_id\":\"p\"},\"values\":[%s]}";
        String many = "[1,\"0\"],".repeat(13) + "[2,\"1\"]";
        assertEquals(
                "up{project_id=\"p\"}\n  {job=\"a\"}  7 8\n  {job=\"b\"}  (2 more) 0 0 0 0 0 0 0 0 0 0 0 1\n",
                table("{\"data\":{\"resultType\":\"matrix\",\"result\":["
                        + String.format(series, "a", "[1,\"7\"],[2,\"8\"]") + "," + String.format(series, "b", many)
                        + "]}}"));
    }

    private static String table(String json) {
        return ResultTable.render(Answer.parse(json));
    }

    private static Answer.Series series(String labels, double... values) {
        List<Answer.Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Answer.Point(i * 10.0, Double.toString(values[i]), values[i]));
        }
        return new Answer.Series(labels, points);
    }
}
