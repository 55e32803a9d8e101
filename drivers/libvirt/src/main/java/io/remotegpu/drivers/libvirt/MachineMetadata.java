package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What a domain carries about its environment.
 *
 * @param spec tells this deployment from another of the same environment
 */
record MachineMetadata(
        UUID id, String installation, String name, String owner, String type, String spec, List<PortBinding> services) {

    private static final String ELEMENT = "environment";

    String asXml() {
        return "<remotegpu:%s xmlns:remotegpu='%s' id='%s' installation='%s' name='%s' owner='%s' type='%s' spec='%s' services='%s'/>"
                .formatted(
                        ELEMENT,
                        MachineNames.NAMESPACE,
                        id,
                        DomainXml.escape(installation),
                        DomainXml.escape(name),
                        DomainXml.escape(owner),
                        type,
                        spec,
                        DomainXml.escape(services.stream()
                                .map(port -> port.service().wireName() + "=" + port.address() + ":" + port.port())
                                .collect(Collectors.joining(" "))));
    }

    /** Reads what {@link #asXml} wrote; empty for somebody else's use of our namespace. */
    static Optional<MachineMetadata> parse(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // throws, and prints nothing
            Element element =
                    builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
            return Optional.of(new MachineMetadata(
                    UUID.fromString(element.getAttribute("id")),
                    element.getAttribute("installation"),
                    element.getAttribute("name"),
                    element.getAttribute("owner"),
                    element.getAttribute("type"),
                    element.getAttribute("spec"),
                    Arrays.stream(element.getAttribute("services").split(" ", -1))
                            .filter(text -> !text.isEmpty())
                            .map(MachineMetadata::service)
                            .toList()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | SAXException e) {
            return Optional.empty();
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("reading XML from memory", e);
        }
    }

    private static PortBinding service(String text) {
        int equals = text.indexOf('=');
        int colon = text.lastIndexOf(':');
        return new PortBinding(
                Service.fromWireName(text.substring(0, equals)),
                text.substring(equals + 1, colon),
                Integer.parseInt(text.substring(colon + 1)));
    }
}
