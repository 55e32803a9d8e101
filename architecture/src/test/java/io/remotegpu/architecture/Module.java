package io.remotegpu.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static java.util.Arrays.stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Optional;
import java.util.Set;

/** The modules: what each may import of the others, and whose libraries it must never touch. */
enum Module {
    SPI("drivers.spi", imports(), never("io.temporal", "org.springframework", "java.sql", "org.slf4j")),
    TESTKIT("drivers.testkit", imports(SPI), never("io.temporal", "org.springframework", "java.sql")),
    SIMULATED("drivers.simulated", imports(SPI), never("io.temporal", "org.springframework", "java.sql")),
    DOCKER("drivers.docker", imports(SPI), never("io.temporal", "org.springframework", "java.sql")),
    KUBERNETES("drivers.kubernetes", imports(SPI), never("io.temporal", "org.springframework", "java.sql")),
    LIBVIRT("drivers.libvirt", imports(SPI), never("io.temporal", "org.springframework", "java.sql")),
    DB("db", imports(SPI), never("io.temporal", "com.github.dockerjava", "io.fabric8", "org.libvirt")),
    TEMPORAL(
            "temporal",
            imports(),
            never("java.sql", "jakarta.servlet", "com.github.dockerjava", "io.fabric8", "org.libvirt")),
    WORKFLOWS(
            "workflows",
            imports(SPI),
            never("org.springframework", "java.sql", "com.github.dockerjava", "io.fabric8", "org.libvirt")),
    ACTIVITIES(
            "activities",
            imports(SPI, TEMPORAL, WORKFLOWS, DB, SIMULATED, DOCKER, KUBERNETES, LIBVIRT),
            never("jakarta.servlet")),
    API("api", imports(SPI, TEMPORAL, WORKFLOWS, DB), never("com.github.dockerjava", "io.fabric8", "org.libvirt")),
    AGENT(
            "agent",
            imports(SPI, TEMPORAL, ACTIVITIES),
            never("java.sql", "jakarta.servlet", "org.springframework.jdbc")),
    STANDALONE("standalone", imports(API, ACTIVITIES, TEMPORAL), never()),
    BENCH("bench", imports(SPI, WORKFLOWS), never("org.springframework", "java.sql")),
    /** From outside only, as a person would: over the API, signals, the database and the engines. */
    CHAOS("chaos", imports(), never("com.github.dockerjava", "io.fabric8", "org.libvirt"));

    private static final String ROOT = "io.remotegpu.";

    private final String pkg;
    private final Set<Module> imports;
    private final Set<String> never;

    Module(String name, Set<Module> imports, Set<String> never) {
        this.pkg = ROOT + name;
        this.imports = imports;
        this.never = never;
    }

    /** Matches the packages of this module, in ArchUnit's notation. */
    String packages() {
        return pkg + "..";
    }

    /** Classes of another module that this one must not import. */
    DescribedPredicate<JavaClass> closedModules() {
        return DescribedPredicate.describe(
                "belong to modules other than " + imports,
                type -> of(type).filter(other -> other != this && !imports.contains(other))
                        .isPresent());
    }

    /** Libraries that this module must never touch. */
    DescribedPredicate<JavaClass> closedLibraries() {
        return resideInAnyPackage(never.stream().map(root -> root + "..").toArray(String[]::new));
    }

    static Optional<Module> of(JavaClass type) {
        return stream(values())
                .filter(module -> (type.getPackageName() + ".").startsWith(module.pkg + "."))
                .findFirst();
    }

    private static Set<Module> imports(Module... modules) {
        return Set.of(modules);
    }

    private static Set<String> never(String... libraries) {
        return Set.of(libraries);
    }
}
