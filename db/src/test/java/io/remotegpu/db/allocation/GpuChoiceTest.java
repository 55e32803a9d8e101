package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.allocation.GpuChoice.FreeGpu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GpuChoiceTest {

    @Test
    void theSmallestGroupThatIsEnoughIsTaken() {
        assertThat(GpuChoice.choose(free(0, 0, 0, 0, 1, 1, 2), 2)).containsExactly(4L, 5L);
        assertThat(GpuChoice.choose(free(0, 0, 0, 0, 1, 1, 2), 1)).containsExactly(6L);
        assertThat(GpuChoice.choose(free(0, 0, 0, 0, 1, 1, 2), 3)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whereNoGroupIsEnoughTheLargestIsFilledUpFromTheSmallestThatHelps() {
        assertThat(GpuChoice.choose(free(0, 0, 0, 0, 1, 1, 2), 5)).containsExactly(0L, 1L, 2L, 3L, 6L);
        assertThat(GpuChoice.choose(free(0, 0, 0, 0, 1, 1, 2), 6)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(GpuChoice.choose(free(0), 0)).isEmpty();
    }

    @Property
    void exactlyAsManyAsAskedForFromAsFewGroupsAsPossible(
            @ForAll @Size(min = 1, max = 16) List<@IntRange(max = 5) Integer> groups,
            @ForAll @IntRange(min = 1, max = 16) int wanted) {
        var free = free(groups.stream().mapToInt(Integer::intValue).toArray());
        int count = Math.min(wanted, free.size());

        var chosen = GpuChoice.choose(free, count);

        assertThat(chosen).hasSize(count).doesNotHaveDuplicates();
        var used = free.stream()
                .filter(gpu -> chosen.contains(gpu.id()))
                .map(FreeGpu::linkGroup)
                .distinct()
                .count();
        assertThat(used).isEqualTo(fewestGroups(free, count));
    }

    private static long fewestGroups(List<FreeGpu> free, int count) {
        var sizes =
                free.stream()
                        .collect(Collectors.groupingBy(FreeGpu::linkGroup, Collectors.counting()))
                        .values()
                        .stream()
                        .sorted(Comparator.reverseOrder())
                        .toList();
        long groups = 0;
        long sum = 0;
        while (sum < count) {
            sum += sizes.get((int) groups++);
        }
        return groups;
    }

    private static List<FreeGpu> free(int... groups) {
        var free = new ArrayList<FreeGpu>();
        for (int i = 0; i < groups.length; i++) {
            free.add(new FreeGpu(i, groups[i]));
        }
        return free;
    }
}
