package io.remotegpu.standalone.bom;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** {@code bom}: lists libraries and their licences, or what advisories say about them. Needs no network. */
public final class BillOfMaterials {

    /**
     * @return the exit status: 1 where a library has a known vulnerability, otherwise 0
     * @throws IllegalArgumentException with words for the person who typed it, also when a file cannot be read
     */
    public static int run(List<String> arguments) {
        var json = false;
        Path advisories = null;
        List<String> except = List.of();
        var materials = Materials.own();
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var flag = rest.next();
            switch (flag) {
                case "--json" -> json = true;
                case "--of" -> materials = Materials.of(Path.of(value(flag, rest)));
                case "--advisories" -> advisories = Path.of(value(flag, rest));
                case "--except" -> except = List.of(value(flag, rest).split(",", -1));
                default -> throw new IllegalArgumentException("bom does not know " + flag);
            }
        }
        if (advisories == null) {
            System.out.print(json ? materials.document() : list(materials));
            return 0;
        }
        var report = Report.of(materials, Advisories.read(advisories), except);
        System.out.print(json ? report.json() + "\n" : report.text());
        return report.exitStatus();
    }

    private static String list(Materials materials) {
        var text = new StringBuilder();
        for (var library : materials.libraries()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-60s %-22s %s%n",
                    library.name(),
                    library.version(),
                    library.licences().isEmpty() ? "-" : String.join(", ", library.licences())));
        }
        return text.append(materials.libraries().size()).append(" libraries\n").toString();
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + " wants a value");
        }
        return rest.next();
    }

    private BillOfMaterials() {}
}
