using Debyard.Debian.Names;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads <c>debyard.yml</c> and checks that its names resolve, its folders exist and its dependencies have no cycle.</summary>
public static class ManifestReader
{
    /// <exception cref="ManifestException">The manifest has errors; all are listed, with line and column.</exception>
    /// <exception cref="PipelineException">There is no such file.</exception>
    public static Manifest Read(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new PipelineException($"There is no manifest {file}: write one (docs/manifest.md), or set its path with --manifest.");
        }
        return Parse(File.ReadAllText(path), path, shownAs: file);
    }

    public static Manifest Parse(string yaml, string path, string shownAs)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(yaml));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException exception)
        {
            throw new ManifestException(
                shownAs,
                [new Mistake(exception.Start.Line, exception.Start.Column, $"invalid YAML: {exception.Message}")]
            );
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet fails this way on input such as "bases: [" before a mapping. The error is after what it read last.
            var (line, column) = parser.Current is { End: var end } ? (end.Line, end.Column) : (1, 1);
            throw new ManifestException(
                shownAs,
                [new Mistake(line, column, "invalid YAML: look for an unclosed bracket or quote, or a misplaced colon")]
            );
        }
        if (stream.Documents.Count == 0)
        {
            throw new ManifestException(shownAs, [new Mistake(1, 1, "the manifest is empty")]);
        }

        var mistakes = new Mistakes();
        var manifest = Manifest(new YamlMap(stream.Documents[0].RootNode, "the manifest", mistakes), path, mistakes);
        return mistakes.InOrder is { Count: > 0 } found ? throw new ManifestException(shownAs, found) : manifest;
    }

    static Manifest Manifest(YamlMap map, string path, Mistakes mistakes)
    {
        var names = new ManifestNames(Path.GetDirectoryName(path)!, mistakes);
        var manifest = new Manifest
        {
            File = path,
            Product = names.Image(map.Required("product"), map.Find("product") ?? map.Node),
            Repository = Repository(map.Find("repository"), mistakes),
            Bases = Section(map, "bases", mistakes, (name, entry) => Base(name, entry, names)),
            Toolchains = Section(map, "toolchains", mistakes, (name, entry) => Toolchain(name, entry, names)),
            Architectures = Section(map, "architectures", mistakes, (name, entry) => Architecture(name, entry, names, mistakes)),
            Dependencies = Section(map, "dependencies", mistakes, (name, entry) => Dependency(name, entry, names)),
            Packages = Section(map, "packages", mistakes, (name, entry) => Package(name, entry, names)),
            Validation = map.Find("validation") is { } plan
                ? ValidationReader.Read(new YamlMap(plan, "'validation'", mistakes), names)
                : null,
        };
        map.RefuseUnknownKeys();
        names.Resolve(manifest);
        return manifest;
    }

    static List<T> Section<T>(YamlMap map, string section, Mistakes mistakes, Func<(string Text, YamlNode Node), YamlMap, T> read)
    {
        if (map.Find(section) is not { } node)
        {
            return [];
        }
        var result = new List<T>();
        foreach (var (key, keyNode, value) in new YamlMap(node, $"'{section}'", mistakes).Entries)
        {
            var entry = new YamlMap(value, $"'{key}'", mistakes);
            result.Add(read((key, keyNode), entry));
            entry.RefuseUnknownKeys();
        }
        return result;
    }

    static RepositorySettings Repository(YamlNode? node, Mistakes mistakes)
    {
        if (node is null)
        {
            return new RepositorySettings(null, "main", "stable", "main");
        }
        var map = new YamlMap(node, "'repository'", mistakes);
        Uri? url = null;
        if (map.Optional("url") is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https"))
        {
            mistakes.Add(node, $"'{text}' is not an http or https address");
        }
        var settings = new RepositorySettings(
            url,
            map.Optional("default-branch") ?? "main",
            map.Optional("suite") ?? "stable",
            map.Optional("component") ?? "main"
        );
        map.RefuseUnknownKeys();
        return settings;
    }

    static BaseImage Base((string Text, YamlNode Node) name, YamlMap map, ManifestNames names)
    {
        names.Image(name.Text, name.Node);
        if (map.Optional("pull") is { } reference)
        {
            return new BaseImage.Pulled(name.Text, reference);
        }
        var packages = map.List("packages").Select(item => item.Text).ToList();
        var mirror = map.Optional("mirror");
        return new BaseImage.Bootstrapped(name.Text, map.Required("bootstrap"), packages, mirror);
    }

    static Toolchain Toolchain((string Text, YamlNode Node) name, YamlMap map, ManifestNames names)
    {
        names.Image(name.Text, name.Node);
        return map.Optional("image") is { } image
            ? new Toolchain.Supplied(name.Text, names.SuppliedImage(image, map.Find("image")!))
            : new Toolchain.Built(name.Text, names.Context(map), names.Base(map.Required("base"), map), map.Texts("args"));
    }

    static BuildArchitecture Architecture((string Text, YamlNode Node) name, YamlMap map, ManifestNames names, Mistakes mistakes)
    {
        var strategy = map.Required("strategy");
        var strategies = Enum.GetNames<BuildStrategy>().Select(name => name.ToLowerInvariant()).ToList();
        var parsed = (BuildStrategy)Math.Max(0, strategies.IndexOf(strategy));
        if (!strategies.Contains(strategy) && strategy.Length > 0)
        {
            mistakes.Add(map.Find("strategy")!, $"there is no strategy '{strategy}'; {NearestWord.Suggestion(strategy, strategies)}");
        }
        return new BuildArchitecture(
            names.Architecture(name.Text, name.Node),
            parsed,
            map.Required("triplet"),
            names.Toolchain(map.Required("toolchain"), map, parsed)
        );
    }

    static Dependency Dependency((string Text, YamlNode Node) name, YamlMap map, ManifestNames names) =>
        new(
            names.Package(name.Text, name.Node),
            names.Version(map),
            names.Context(map),
            names.Needs(map),
            [.. map.List("architectures").Select(item => names.DeclaredArchitecture(item.Text, item.Node))],
            map.Texts("args")
        );

    static MainPackage Package((string Text, YamlNode Node) name, YamlMap map, ManifestNames names)
    {
        Architecture? architecture = null;
        if (map.Optional("architecture") is { } text)
        {
            architecture = names.Architecture(text, map.Find("architecture")!);
        }
        return new MainPackage(
            names.Package(name.Text, name.Node),
            names.Version(map),
            architecture,
            names.Context(map),
            map.Optional("base") is { } @base ? names.Base(@base, map) : null,
            names.Needs(map),
            map.Texts("args")
        );
    }
}
