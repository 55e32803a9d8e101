package io.remotegpu.db.allocation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a host has and what of it is free, to think a plan through with: {@link #take} changes this object only. */
final class HostRoom {

    /** A GPU that is not in error. */
    record Device(long id, int linkGroup, String model, long memory, boolean free) {}

    private final String id;
    private final String status;
    private final Set<String> modes;
    private final int totalCpu;
    private final long totalMemory;
    private final List<Device> devices;
    private int freeCpu;
    private long freeMemory;
    private long freePorts;

    HostRoom(
            String id,
            String status,
            Set<String> modes,
            int totalCpu,
            int freeCpu,
            long totalMemory,
            long freeMemory,
            long freePorts,
            List<Device> devices) {
        this.id = id;
        this.status = status;
        this.modes = modes;
        this.totalCpu = totalCpu;
        this.freeCpu = freeCpu;
        this.totalMemory = totalMemory;
        this.freeMemory = freeMemory;
        this.freePorts = freePorts;
        this.devices = new ArrayList<>(devices);
    }

    String id() {
        return id;
    }

    /** As who needs that sees it. */
    Candidates.View view(Need need) {
        var free = devices.stream().filter(Device::free).count();
        return new Candidates.View(
                id,
                status,
                modes.contains(need.mode()),
                freeCpu,
                freeMemory,
                (int) free,
                free(need).size());
    }

    boolean eligible(Need need) {
        return need.pinnedTo() == null || need.pinnedTo().equals(id);
    }

    boolean hasPorts(Need need) {
        return freePorts >= need.ports();
    }

    boolean fits(Need need) {
        return eligible(need)
                && status.equals("active")
                && modes.contains(need.mode())
                && freeCpu >= need.cpu()
                && freeMemory >= need.memory()
                && hasPorts(need)
                && free(need).size() >= need.gpu();
    }

    /** Whether it could take that, were nothing else here. */
    private boolean couldEverFit(Need need) {
        return eligible(need)
                && status.equals("active")
                && modes.contains(need.mode())
                && totalCpu >= need.cpu()
                && totalMemory >= need.memory()
                && devices.stream().filter(need::suits).count() >= need.gpu();
    }

    /**
     * The GPUs to give to one who fits, without delaying any of those who wait before it; empty when that cannot be. It
     * delays one who could come to run here if, of anything that it takes, less than the other needs would be left:
     * nobody knows which of the holders goes first, so what is scarce is kept.
     */
    Optional<List<Long>> give(Need need, Collection<Need> waitingBefore) {
        var here = waitingBefore.stream().filter(this::couldEverFit).toList();
        for (var other : here) {
            if (freeCpu - need.cpu() < other.cpu()
                    || freeMemory - need.memory() < other.memory()
                    || (need.ports() > 0 && freePorts - need.ports() < other.ports())) {
                return Optional.empty();
            }
        }
        var chosen = choose(need, here);
        for (var other : here) {
            var suiting = free(other).stream().map(Device::id).toList();
            var taken = suiting.stream().filter(chosen::contains).count();
            if (taken > 0 && suiting.size() - taken < other.gpu()) {
                return Optional.empty();
            }
        }
        return Optional.of(chosen);
    }

    /** Those that are of no use to the others, if they are enough. */
    private List<Long> choose(Need need, List<Need> others) {
        var suiting = free(need);
        var spare = suiting.stream()
                .filter(gpu -> others.stream().noneMatch(other -> other.gpu() > 0 && other.suits(gpu)))
                .toList();
        var from = spare.size() >= need.gpu() ? spare : suiting;
        return GpuChoice.choose(
                from.stream()
                        .map(gpu -> new GpuChoice.FreeGpu(gpu.id(), gpu.linkGroup()))
                        .toList(),
                need.gpu());
    }

    void take(Need need, List<Long> gpus) {
        freeCpu -= need.cpu();
        freeMemory -= need.memory();
        freePorts -= need.ports();
        devices.replaceAll(gpu -> gpus.contains(gpu.id())
                ? new Device(gpu.id(), gpu.linkGroup(), gpu.model(), gpu.memory(), false)
                : gpu);
    }

    private List<Device> free(Need need) {
        return devices.stream().filter(gpu -> gpu.free() && need.suits(gpu)).toList();
    }
}
