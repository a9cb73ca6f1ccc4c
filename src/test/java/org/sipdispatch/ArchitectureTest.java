package org.sipdispatch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages that each package uses are those in the table of the page "Architecture". */
class ArchitectureTest {
    private static final String ROOT = "org.sipdispatch.";

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|[^|]*\\| ([^|]*) \\|[^|]*\\|");

    private static final Map<String, Set<String>> MAY_USE = tableOfThePage();

    private static final int LARGEST_KNOT = 3;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sipdispatch");

    static Set<String> packages() {
        return MAY_USE.keySet();
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(packages());
    }

    /** Also fails if the table allows what no class needs, so that the table always shows the real dependencies. */
    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesExactlyThePackagesInItsRowOfTheTable(String packageName) {
        Set<String> used = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(ROOT + packageName))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getPackageName())
                .filter(name -> name.startsWith(ROOT) && !name.equals(ROOT + packageName))
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toSet());

        assertThat(used).containsExactlyInAnyOrderElementsOf(MAY_USE.get(packageName));
    }

    @Test
    void noPackageUsesItselfThroughOthers() {
        slices().matching("org.sipdispatch.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void noMoreThanThreeTypesOfAPackageDependOnEachOtherInACircle(String packageName) {
        assertThat(Knots.of(CLASSES, ROOT + packageName))
                .allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(LARGEST_KNOT));
    }

    @ParameterizedTest
    @CsvSource({
        "java.sql.., database catalog store history",
        "javax.sql.., database catalog store",
        "com.zaxxer.., database",
        "com.typesafe.config.., settings transport store cluster manage app",
        "picocli.., app cli",
        "akka.., sets freeswitch destination transport cluster membership orders sharding replication definitions wire history"
                + " operations manage",
        "com.github.benmanes.., transport manage",
        "org.xbill.., transport",
        "com.esotericsoftware.kryo.., wire",
        "com.fasterxml.jackson.., catalog history manage cli",
        "io.micrometer.., metrics",
        "io.prometheus.., metrics",
        "akka.cluster.., cluster membership sharding replication definitions",
        "akka.persistence.., destination",
        "akka.http.., manage cluster",
        "akka.management.., manage cluster",
        "org.slf4j.., transaction observation proxy transport destination store cluster membership replication definitions history"
                + " operations manage app",
        "ch.qos.logback.., logging",
    })
    void aLibraryIsUsedOnlyWhereItBelongs(String library, String packages) {
        String[] allowed = Stream.of(packages.split(" "))
                .map(packageName -> ROOT + packageName)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void inSetsOnlyActorsKnowAkka() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "sets")
                .and(not(isActorOrInsideOne()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("akka..")
                .check(CLASSES);
    }

    @Test
    void inDestinationOnlyActorsAndJournalsKnowAkkaAndTheLog() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "destination")
                .and(not(isActorOrInsideOne()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("akka..", "org.slf4j..")
                .check(CLASSES);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isActorOrInsideOne() {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "are actors or inside one",
                type -> type.getName()
                        .matches(".*(Actor|ActorContext|Interceptor|Journal|JournalWriter|Serializer)(\\$.*)?"));
    }

    /** No sockets, files, threads, clocks or random numbers: parsing depends on the message only. */
    @Test
    void sipNeedsNothingButTextAndCollections() {
        classes()
                .that()
                .resideInAPackage(ROOT + "sip")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                ROOT + "sip",
                                "java.lang..",
                                "java.util",
                                "java.util.function",
                                "java.nio",
                                "java.nio.charset")
                        .and(not(belongToAnyOf(Random.class, SplittableRandom.class, java.util.Timer.class))))
                .check(CLASSES);
    }

    /** Time is an argument. Random numbers are one too, except in the proxy, which draws one for algorithm 6. */
    @ParameterizedTest
    @ValueSource(strings = {"sip", "sets", "destination", "routing", "transaction", "observation", "proxy", "settings"})
    void purePackagesAskNoClock(String packageName) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + packageName)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time.chrono..", "java.util.concurrent")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.time.Instant.class, ThreadLocalRandom.class, Thread.class)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Utils?|Helper|Handler|Processor)(\\$.*)?")
                .check(CLASSES);
    }

    /** For each package the packages that it uses: the columns "package" and "uses". */
    private static Map<String, Set<String>> tableOfThePage() {
        Map<String, String> uses = new LinkedHashMap<>();
        for (String line : page().split("\n")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                uses.put(row.group(1), row.group(2).replace("`", ""));
            }
        }
        return uses.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, row -> packages(row.getKey(), row.getValue(), uses.keySet())));
    }

    private static String page() {
        try {
            return Files.readString(Path.of("src/site/markdown/architecture.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> packages(String packageName, String cell, Set<String> all) {
        if (!cell.startsWith("all but ")) {
            return cell.equals("-") ? Set.of() : Set.of(cell.split(", "));
        }
        Set<String> rest = new LinkedHashSet<>(all);
        List.of(cell.substring("all but ".length()).split(", | and ")).forEach(rest::remove);
        rest.remove(packageName);
        return rest;
    }
}
