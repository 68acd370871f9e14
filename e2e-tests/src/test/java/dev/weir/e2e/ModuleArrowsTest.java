package dev.weir.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows one way: who may depend on whom, as the README's table says. */
@AnalyzeClasses(packages = "dev.weir", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {
    private static final String FLINK = "org.apache.flink..";

    @ArchTest
    static final ArchRule MODULES_DEPEND_ONLY_ON_THOSE_THE_TABLE_NAMES = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.weir..")
            .layer("schemas")
            .definedBy("dev.weir.schemas..")
            .layer("series")
            .definedBy("dev.weir.series..")
            .layer("configuration")
            .definedBy("dev.weir.configuration..")
            .layer("producer")
            .definedBy("dev.weir.producer..")
            .layer("exposition")
            .definedBy("dev.weir.exposition..")
            .layer("ingest")
            .definedBy("dev.weir.ingest..")
            .layer("aggregation")
            .definedBy("dev.weir.aggregation..")
            .layer("delivery")
            .definedBy("dev.weir.delivery..")
            .layer("promql")
            .definedBy("dev.weir.promql..")
            .layer("query server")
            .definedBy("dev.weir.queryserver..")
            .layer("scaling")
            .definedBy("dev.weir.scaling..")
            .layer("simulator")
            .definedBy("dev.weir.simulator..")
            .layer("standalone")
            .definedBy("dev.weir.standalone..")
            .layer("benchmarks")
            .definedBy("dev.weir.benchmarks..")
            .whereLayer("benchmarks")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("standalone")
            .mayOnlyBeAccessedByLayers("benchmarks")
            .whereLayer("simulator")
            .mayOnlyBeAccessedByLayers("standalone", "benchmarks")
            .whereLayer("query server")
            .mayOnlyBeAccessedByLayers("standalone", "benchmarks")
            .whereLayer("scaling")
            .mayOnlyBeAccessedByLayers("standalone")
            .whereLayer("promql")
            .mayOnlyBeAccessedByLayers("query server", "standalone", "benchmarks")
            .whereLayer("delivery")
            .mayOnlyBeAccessedByLayers("standalone")
            .whereLayer("aggregation")
            .mayOnlyBeAccessedByLayers("standalone", "benchmarks")
            .whereLayer("ingest")
            .mayOnlyBeAccessedByLayers("standalone", "benchmarks")
            .whereLayer("producer")
            .mayOnlyBeAccessedByLayers("standalone", "benchmarks")
            .whereLayer("exposition")
            .mayOnlyBeAccessedByLayers("aggregation", "query server", "standalone", "benchmarks")
            .whereLayer("configuration")
            .mayOnlyBeAccessedByLayers("ingest", "aggregation", "delivery", "scaling", "standalone", "benchmarks");

    @ArchTest
    static final ArchRule ALGORITHMS_ARE_PURE_JAVA = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.weir.series..",
                    "dev.weir.exposition..",
                    "dev.weir.promql..",
                    "dev.weir.aggregation.increment..",
                    "dev.weir.aggregation.release..",
                    "dev.weir.aggregation.group..",
                    "dev.weir.aggregation.report..",
                    "dev.weir.aggregation.member..",
                    "dev.weir.aggregation.derived..",
                    "dev.weir.aggregation.scrape..",
                    "dev.weir.aggregation.sketch..",
                    "dev.weir.aggregation.request..",
                    "dev.weir.aggregation.view..",
                    "dev.weir.aggregation.profile..",
                    "dev.weir.aggregation.canonical..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FLINK, "org.apache.kafka..", "java.net..", "java.nio.file..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE_WITHIN_THE_AGGREGATION =
            slices().matching("dev.weir.aggregation.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.schemas.remotewrite..")
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .resideInAnyPackage("..util..", "..common..", "..helper..");
}
