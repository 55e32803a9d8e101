package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What machines of one image start from: a folder with {@code disk.qcow2} and, for images that are booted without a boot
 * loader, {@code vmlinuz}, {@code initrd.img} and {@code cmdline}.
 *
 * <p>A disk that stands on a base image needs it unchanged for as long as it lives. So {@code deploy/images/vm} never
 * writes into a folder that is in use: a tag is a link, and here the link is followed before anything is built on it.
 *
 * @param disk the disk that overlays stand on, with no link in its path
 */
record BaseImage(Path disk, @Nullable DirectBoot boot) {

    /** A kernel that QEMU loads itself. */
    record DirectBoot(Path kernel, @Nullable Path initrd, String arguments) {}

    private static final Pattern REFERENCE = Pattern.compile(
            "((?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?");

    private static final Pattern OURS = Pattern.compile("remotegpu/(terminal|ide|desktop|training)");

    /** The image of that reference in that folder. */
    static BaseImage find(Path images, String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            throw notFound(reference, "it is no name of an image on this host (such as remotegpu/terminal:1)", null);
        }
        String tag = matcher.group(2) == null ? "latest" : matcher.group(2);
        Path folder = images.resolve(matcher.group(1)).resolve(tag);
        try {
            return in(folder.toRealPath());
        } catch (NoSuchFileException e) {
            throw notFound(
                    reference, e.getFile() + " is missing on this host: " + remedy(images, matcher.group(1), tag), e);
        } catch (IOException e) {
            throw FileErrors.explain("reading image " + reference, e);
        }
    }

    /** The image that an existing disk stands on: its kernel, too, must stay the one that the disk has the modules of. */
    static BaseImage under(Path overlay) {
        try {
            Path backing = Qcow2Header.read(overlay).backing();
            Path folder = backing == null ? null : backing.getParent();
            if (folder == null) {
                throw new DriverException(
                        ErrorKind.CONFLICT, "disk " + overlay + " stands on no base image, so it is not one of ours");
            }
            return in(folder);
        } catch (NoSuchFileException e) {
            throw notFound(
                    e.getFile(), "the disk " + overlay + " stands on it, and it is missing: put it back there", e);
        } catch (IOException e) {
            throw FileErrors.explain("reading disk " + overlay, e);
        }
    }

    private static BaseImage in(Path folder) throws IOException {
        Path disk = folder.resolve("disk.qcow2");
        Path kernel = folder.resolve("vmlinuz");
        Path initrd = folder.resolve("initrd.img");
        if (!Files.exists(disk)) {
            throw new NoSuchFileException(disk.toString());
        }
        if (!Files.exists(kernel)) {
            return new BaseImage(disk, null);
        }
        String arguments = Files.readString(folder.resolve("cmdline")).strip();
        return new BaseImage(disk, new DirectBoot(kernel, Files.exists(initrd) ? initrd : null, arguments));
    }

    /** What to type, where it is one of ours. */
    private static String remedy(Path images, String name, String tag) {
        Matcher ours = OURS.matcher(name);
        if (!ours.matches()) {
            return "put disk.qcow2 there, as deploy/images/vm/README.md says";
        }
        boolean mini = tag.equals("mini");
        return "build it by 'deploy/images/vm/build.sh"
                + (images.equals(LibvirtDriverSettings.USUAL_FOLDER.resolve("images")) ? "" : " --folder " + images)
                + (mini || tag.equals("1") ? "" : " --tag " + tag)
                + " " + (mini ? tag : ours.group(1)) + "', as root";
    }

    private static DriverException notFound(String reference, String why, @Nullable Exception cause) {
        return new DriverException(ErrorKind.IMAGE_NOT_FOUND, "image " + reference + ": " + why, cause);
    }
}
