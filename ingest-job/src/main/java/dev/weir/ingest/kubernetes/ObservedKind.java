package dev.weir.ingest.kubernetes;

import dev.weir.configuration.KubernetesSelector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind in some or all namespaces, as the API server has them: listed once, then watched; while it is
 * away, as they were.
 */
final class ObservedKind<T extends HasMetadata> {
    /** Objects in one answer to a list; more are asked for in parts. */
    private static final long LIST_PART = 500;

    private final List<SharedIndexInformer<T>> informers = new ArrayList<>();
    private final UnaryOperator<T> reduction;
    private final Runnable onChange;

    /**
     * @param reduction leaves of an object what is needed; thousands of them stay in memory
     * @param onChange called whenever an object has come, changed or gone
     */
    ObservedKind(UnaryOperator<T> reduction, Runnable onChange) {
        this.reduction = reduction;
        this.onChange = onChange;
    }

    /** @param namespaces empty for all */
    <L extends KubernetesResourceList<T>, R extends Resource<T>> void observe(
            MixedOperation<T, L, R> objects, List<String> namespaces, KubernetesSelector selector) {
        if (namespaces.isEmpty()) {
            observe(objects.inAnyNamespace(), selector);
        }
        for (String namespace : namespaces) {
            observe(objects.inNamespace(namespace), selector);
        }
    }

    <L extends KubernetesResourceList<T>, R extends Resource<T>> void observe(
            AnyNamespaceOperation<T, L, R> objects, KubernetesSelector selector) {
        FilterWatchListDeletable<T, L, R> chosen = objects.withFields(selector.fields());
        for (Map.Entry<String, String> not : selector.notFields().entrySet()) {
            chosen = chosen.withoutField(not.getKey(), not.getValue());
        }
        if (!selector.label().isEmpty()) {
            chosen = chosen.withLabelSelector(selector.label());
        }
        SharedIndexInformer<T> informer = chosen.withLimit(LIST_PART).runnableInformer(0);
        informer.itemStore(new Reduced())
                .addEventHandler(new Changes())
                .exceptionHandler((started, failure) -> true)
                .start();
        informers.add(informer);
    }

    /** Whether each namespace was listed once. */
    boolean isListed() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    Stream<T> all() {
        return informers.stream().flatMap(informer -> informer.getStore().list().stream());
    }

    @Nullable
    T get(@Nullable String namespace, String name) {
        String key = Cache.namespaceKeyFunc(namespace, name);
        return informers.stream()
                .map(informer -> informer.getStore().getByKey(key))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private final class Reduced extends BasicItemStore<T> {
        Reduced() {
            super(Cache::metaNamespaceKeyFunc);
        }

        @Override
        public T put(String key, T object) {
            return super.put(key, reduction.apply(object));
        }
    }

    private final class Changes implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            onChange.run();
        }

        @Override
        public void onUpdate(T before, T object) {
            onChange.run();
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            onChange.run();
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            onChange.run();
        }
    }
}
