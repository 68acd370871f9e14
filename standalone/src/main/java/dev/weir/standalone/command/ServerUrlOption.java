package dev.weir.standalone.command;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A server's base address; without a scheme, HTTP is meant. */
final class ServerUrlOption implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
        try {
            return new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new TypeConversionException("\"" + text + "\" (expected: such as http://127.0.0.1:9095)");
        }
    }
}
