package dev.weir.aggregation.profile;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All known profiles in the order in which they are asked; immutable. */
public final class Profiles implements Serializable {
    private static final long serialVersionUID = 1;

    /** Where several engines share a page, the one that serves the model stands before the one that hosts it. */
    private static final List<String> BUILT_IN = List.of(
            "vllm",
            "sglang",
            "tgi",
            "trtllm",
            "llamacpp",
            "wallaroo",
            "torchserve",
            "triton",
            "endpoint-picker",
            "dcgm",
            "cadvisor");

    private final ArrayList<Profile> profiles;

    private Profiles(List<Profile> profiles) {
        this.profiles = new ArrayList<>(profiles);
    }

    public static Profiles builtIn() {
        return load(List.of());
    }

    /**
     * The profiles in {@code files}, then the built-in ones. A file whose profile is named as a built-in one replaces it.
     *
     * @throws ConfigurationException if a file cannot be read or what it says cannot be used; the message starts with
     *     file, line and column
     */
    public static Profiles load(List<String> files) {
        Map<String, String> fileOf = new HashMap<>();
        List<Profile> all = new ArrayList<>();
        for (String file : files) {
            Profile profile = ProfileReader.read(YamlValue.documentIn(file));
            String other = fileOf.put(profile.name(), file);
            if (other != null) {
                throw new ConfigurationException(file + ": profile \"" + profile.name()
                        + "\" (expected: a name other than that of " + other + ")");
            }
            all.add(profile);
        }
        for (String name : BUILT_IN) {
            if (!fileOf.containsKey(name)) {
                all.add(ProfileReader.read(YamlValue.document(resource(name), "profiles/" + name + ".yml")));
            }
        }
        return new Profiles(all);
    }

    public List<Profile> all() {
        return List.copyOf(profiles);
    }

    /** The page profile that has this text, less what is not known here. */
    public PageProfile page(String text) {
        if (text.isEmpty()) {
            return PageProfile.NONE;
        }
        List<PageProfile.Chosen> chosen = new ArrayList<>();
        for (String one : text.split(";", -1)) {
            String[] words = one.split(" ", -1);
            for (Profile profile : profiles) {
                if (profile.name().equals(words[0])) {
                    chosen.add(chosen(profile, words));
                }
            }
        }
        return new PageProfile(chosen);
    }

    private static PageProfile.Chosen chosen(Profile profile, String[] words) {
        String[] numbers = words[1].split(",", -1);
        List<Integer> choices = new ArrayList<>();
        for (int i = 0; i < profile.rules().size(); i++) {
            int choice = i < numbers.length && !numbers[i].isEmpty() ? Integer.parseInt(numbers[i]) : -1;
            choices.add(choice < profile.rules().get(i).alternatives().size() ? choice : -1);
        }
        Map<String, Double> scales = new HashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].lastIndexOf('=');
            scales.put(words[i].substring(0, equals), Double.valueOf(words[i].substring(equals + 1)));
        }
        return new PageProfile.Chosen(profile, choices, scales);
    }

    private static String resource(String name) {
        try (InputStream in = Profiles.class.getResourceAsStream("/profiles/" + name + ".yml")) {
            if (in == null) {
                throw new IllegalStateException("no resource profiles/" + name + ".yml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("resource profiles/" + name + ".yml: " + e, e);
        }
    }
}
