package dev.weir.simulator.engine;

import dev.weir.simulator.metric.MetricSet;
import java.util.ArrayList;
import java.util.List;

/** One data-parallel rank of a vLLM server: the requests it runs and its series, told apart by {@code engine}. */
final class VllmRank {
    private static final double KV_CACHE_TOKENS = 74_272 * 16;
    private static final long FLOPS_PER_TOKEN = 2_000_000_000;
    private static final double[] ACCEPTANCE = {0.72, 0.48, 0.29};

    private final EngineStart start;
    private final Observations observations;
    private final String rank;
    private final VllmFamilies families;
    private final List<VllmRequest> inFlight = new ArrayList<>();

    VllmRank(MetricSet set, EngineStart start, Observations observations, int rank) {
        this.start = start;
        this.observations = observations;
        this.rank = Integer.toString(rank);
        this.families = new VllmFamilies(set, start, this.rank);
    }

    void add(VllmRequest request) {
        inFlight.add(request);
    }

    boolean idle() {
        return inFlight.isEmpty();
    }

    void refresh(long micros) {
        int waiting = 0;
        long kvTokens = 0;
        for (VllmRequest request : inFlight) {
            if (micros < request.arrivalMicros + request.queueMicros) {
                waiting++;
            }
            kvTokens += request.kvTokens(micros);
        }
        families.running.set(inFlight.size() - waiting);
        families.waiting.set(waiting);
        families.waitingCapacity.set(waiting);
        families.kvCacheUsage.set(Math.min(1, kvTokens / KV_CACHE_TOKENS));
    }

    /** One engine step: gives out what is due until {@code dueMicros}, as of {@code atMicros}. */
    void publish(long dueMicros, long atMicros) {
        long prefilled = 0;
        long generated = 0;
        int kept = 0;
        for (int i = 0; i < inFlight.size(); i++) {
            VllmRequest request = inFlight.get(i);
            int due = request.tokensUntil(dueMicros);
            if (due > request.emitted) {
                int fresh = due - request.emitted;
                if (request.emitted == 0) {
                    prefilled += (long) request.promptTokens - request.cachedTokens;
                    firstToken(request, atMicros);
                    families.interTokenLatency.observe(request.perTokenMicros, fresh - 1L);
                } else {
                    families.interTokenLatency.observe(request.perTokenMicros, fresh);
                }
                generated += fresh;
                request.emitted = due;
            }
            if (due == request.outputTokens) {
                finish(request, atMicros);
            } else {
                inFlight.set(kept++, request);
            }
        }
        inFlight.subList(kept, inFlight.size()).clear();
        if (prefilled + generated > 0) {
            families.iterationTokens.observe(prefilled + generated);
            families.generationTokens.add(generated);
            observations.outputTokens().add(atMicros, generated);
            speculate();
        }
    }

    private void firstToken(VllmRequest request, long atMicros) {
        long computed = (long) request.promptTokens - request.cachedTokens;
        families.promptTokens.add(request.promptTokens);
        families.promptComputed.add(computed);
        families.promptCacheHit.add(request.cachedTokens);
        families.promptCached.add(request.cachedTokens);
        families.prefixQueries.add(request.promptTokens);
        families.prefixHits.add(request.cachedTokens);
        families.timeToFirstToken.observe(request.timeToFirstTokenMicros());
        observations.inputTokens().add(atMicros, request.promptTokens);
        observations.timeToFirstToken().add(atMicros, request.timeToFirstTokenMicros());
    }

    private void finish(VllmRequest request, long atMicros) {
        long decode = request.decodeMicros();
        long latency = request.timeToFirstTokenMicros() + decode;
        long perToken = request.outputTokens > 1 ? request.perTokenMicros : 0;
        long created = start.epochAt(atMicros);
        families.requestSuccess
                .with(created, start.model(), rank, request.finishedReason)
                .add(1);
        families.endToEnd.observe(latency);
        families.queueTime.observe(request.queueMicros);
        families.inferenceTime.observe(request.prefillMicros + decode);
        families.prefillTime.observe(request.prefillMicros);
        families.decodeTime.observe(decode);
        families.timePerOutputToken.observe(perToken);
        families.requestPromptTokens.observe(request.promptTokens);
        families.requestGenerationTokens.observe(request.outputTokens);
        families.prefillComputed.observe((long) request.promptTokens - request.cachedTokens);
        families.maxGenerationTokens.observe(request.outputTokens);
        families.paramsN.observe(request.choices);
        families.paramsMaxTokens.observe(request.maxTokens);
        families.requestPreemptions.observe(0);
        families.kvLifetime.observe(latency);
        families.kvIdle.observe(3 * request.queueMicros);
        families.kvReuse.observe(request.timeToFirstTokenMicros());
        answerHttp(request, latency, created);
        observations.requests().add(atMicros, 1);
        observations.inferences().add(atMicros, 1);
        observations.latency().add(atMicros, latency);
        observations.timePerOutputToken().add(atMicros, perToken);
        start.finished()
                .accept(new FinishedRequest(
                        start.host() + "-" + start.epochAt(start.startMicros()) + "-" + request.index,
                        start.pool(),
                        start.model(),
                        request.finishedReason,
                        start.epochAt(request.arrivalMicros) / 1_000,
                        latency,
                        request.timeToFirstTokenMicros(),
                        perToken,
                        request.promptTokens,
                        request.cachedTokens,
                        request.outputTokens));
    }

    private void answerHttp(VllmRequest request, long latency, long created) {
        String status = request.finishedReason.equals("error") ? "5xx" : "2xx";
        families.httpRequests
                .with(created, HttpFamilies.HANDLER, status, "POST")
                .add(1);
        families.httpRequestBytes.observe(180L + 4L * request.promptTokens);
        families.httpResponseBytes.observe(420L + 4L * request.outputTokens);
        families.httpFine.observe(latency);
        families.httpCoarse.observe(latency);
    }

    /** Speculation counters follow from the generated tokens: one draft of three positions for every two of them. */
    private void speculate() {
        long tokens = families.generationTokens.raw();
        long drafts = tokens / 2;
        families.drafts.total(drafts);
        families.draftTokens.total(3 * drafts);
        long accepted = 0;
        for (int position = 0; position < ACCEPTANCE.length; position++) {
            long here = (long) (drafts * ACCEPTANCE[position]);
            families.acceptedPerPosition[position].total(here);
            accepted += here;
        }
        families.acceptedTokens.total(accepted);
        families.flops.total(tokens * FLOPS_PER_TOKEN);
        families.readBytes.total(tokens * 131_072);
        families.writeBytes.total(tokens * 16_384);
    }
}
