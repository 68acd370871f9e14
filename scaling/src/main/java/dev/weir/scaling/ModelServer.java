package dev.weir.scaling;

import dev.weir.configuration.ScalingConfig.Model;
import java.io.IOException;

/** What serves models. */
interface ModelServer {
    /** @throws IOException if it does not answer, or has no such model */
    Workers workers(Model model) throws IOException, InterruptedException;

    /** Makes the model have this many workers. @throws IOException if it is not known to do so */
    void setWorkers(Model model, int workers) throws IOException, InterruptedException;
}
