package io.remotegpu.db.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Which of a host's free GPUs to give: of one link group if possible, of as few as possible otherwise. */
final class GpuChoice {

    record FreeGpu(long id, int linkGroup) {}

    /**
     * @param free at least {@code count}, in the order in which they are preferred
     * @return the chosen ones' ids
     */
    static List<Long> choose(List<FreeGpu> free, int count) {
        var groups = new ArrayList<>(
                free.stream().collect(Collectors.groupingBy(FreeGpu::linkGroup)).values());
        groups.sort(Comparator.<List<FreeGpu>>comparingInt(List::size)
                .thenComparing(group -> group.getFirst().linkGroup()));
        var chosen = new ArrayList<Long>();
        while (chosen.size() < count) {
            var missing = count - chosen.size();
            // The smallest group that is enough leaves the larger ones whole; if none is, the largest helps most.
            var group = groups.stream()
                    .filter(candidate -> candidate.size() >= missing)
                    .findFirst()
                    .orElseGet(groups::getLast);
            group.stream().limit(missing).map(FreeGpu::id).forEach(chosen::add);
            groups.remove(group);
        }
        return chosen;
    }

    private GpuChoice() {}
}
