package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.allocation.GpuChoice.FreeGpu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void exactlyAsManyAsAskedForFromAsFewGroupsAsPossible(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            var free = free(random.ints(1 + random.nextInt(16), 0, 6).toArray());
            int count = 1 + random.nextInt(free.size());

            var chosen = GpuChoice.choose(free, count);

            assertThat(chosen).hasSize(count).doesNotHaveDuplicates();
            assertThat(free.stream()
                            .filter(gpu -> chosen.contains(gpu.id()))
                            .map(FreeGpu::linkGroup)
                            .distinct())
                    .as("%d of %s", count, free)
                    .hasSize((int) fewestGroups(free, count));
        }
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
