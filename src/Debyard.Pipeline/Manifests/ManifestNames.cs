using System.Text.RegularExpressions;
using Debyard.Debian.Names;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>
/// The names a manifest uses. Each is checked for its form when it is read; whether it names something is known only at the
/// end, so those checks wait for <see cref="Resolve"/>.
/// </summary>
sealed partial class ManifestNames(string directory, Mistakes mistakes)
{
    readonly List<Action<Manifest>> references = [];
    readonly Dictionary<string, YamlNode> needs = new(StringComparer.Ordinal);

    // The grammar of one part of an image's name: https://github.com/distribution/reference
    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$")]
    private static partial Regex ImageName { get; }

    public string Image(string name, YamlNode node)
    {
        if (name.Length > 0 && !ImageName.IsMatch(name))
        {
            mistakes.Add(node, $"'{name}' cannot name an image: lower-case letters and digits, joined by '-', '_' or '.'");
        }
        return name;
    }

    public string Package(string name, YamlNode node)
    {
        if (!PackageName.TryParse(name, out _))
        {
            mistakes.Add(
                node,
                $"'{name}' cannot name a package: at least two of a-z, 0-9, '+', '-', '.', the first a letter or digit (Debian Policy 5.6.7)"
            );
        }
        return name;
    }

    public string Version(YamlMap map)
    {
        var version = map.Required("version");
        if (version.Length > 0 && !(DebianVersion.TryParse(version, out var parsed) && char.IsAsciiDigit(parsed.UpstreamVersion[0])))
        {
            mistakes.Add(
                map.Find("version")!,
                $"'{version}' is not a Debian version: [epoch:]upstream[-revision], beginning with a digit (Debian Policy 5.6.12)"
            );
        }
        return version;
    }

    public Architecture Architecture(string name, YamlNode node)
    {
        if (!Debian.Names.Architecture.TryParse(name, out var architecture))
        {
            mistakes.Add(node, $"'{name}' cannot name an architecture: lower-case letters, digits and '-'");
        }
        return architecture;
    }

    public Architecture DeclaredArchitecture(string name, YamlNode node)
    {
        Refer(name, node, "architecture", manifest => manifest.Architectures.Select(architecture => architecture.Name.ToString()));
        return Architecture(name, node);
    }

    public string Base(string name, YamlMap map) =>
        Refer(name, map.Find("base") ?? map.Node, "base", manifest => manifest.Bases.Select(each => each.Name));

    public string Toolchain(string name, YamlMap map, BuildStrategy strategy)
    {
        var node = map.Find("toolchain") ?? map.Node;
        references.Add(manifest =>
        {
            if (
                strategy == BuildStrategy.Supplied
                && manifest.Toolchains.Any(each => each.Name == name && each is not Manifests.Toolchain.Supplied)
            )
            {
                mistakes.Add(node, $"'{name}' is not supplied: give it 'image', or choose another strategy");
            }
        });
        return Refer(name, node, "toolchain", manifest => manifest.Toolchains.Select(each => each.Name));
    }

    [GeneratedRegex(@"^(?:\$\{[A-Za-z_][A-Za-z0-9_]*\}|[a-zA-Z0-9][a-zA-Z0-9._/:@-]*)$")]
    private static partial Regex ImageOrVariable { get; }

    /// <summary>An image's name for the engine, or the environment variable that holds it.</summary>
    public string SuppliedImage(string image, YamlNode node)
    {
        if (!ImageOrVariable.IsMatch(image))
        {
            mistakes.Add(node, $"'{image}' is neither an image nor one environment variable such as ${{E2K_TOOLCHAIN}}");
        }
        return image;
    }

    public string MainPackage(string name, YamlNode node) =>
        Refer(name, node, "package", manifest => manifest.Packages.Select(each => each.Name));

    public IReadOnlyList<string> Needs(YamlMap map)
    {
        var names = map.List("needs");
        foreach (var (name, node) in names)
        {
            Refer(name, node, "dependency", manifest => manifest.Dependencies.Select(each => each.Name));
            needs.TryAdd(name, node);
        }
        return [.. names.Select(each => each.Text)];
    }

    /// <summary>A folder beside the manifest that holds a Dockerfile.</summary>
    public string Context(YamlMap map)
    {
        var context = map.Required("context");
        if (context.Length == 0 && map.Find("context") is { } empty)
        {
            mistakes.Add(empty, "'context' is empty: name the folder of the Dockerfile");
        }
        if (
            context.Length > 0
            && Inside(context, map.Find("context")!) is { } folder
            && !System.IO.File.Exists(Path.Combine(folder, "Dockerfile"))
        )
        {
            mistakes.Add(map.Find("context")!, $"there is no {context.TrimEnd('/')}/Dockerfile");
        }
        return context.TrimEnd('/');
    }

    /// <summary>A file beside the manifest.</summary>
    public string File(string file, YamlNode node)
    {
        if (Inside(file, node) is { } path && !System.IO.File.Exists(path))
        {
            mistakes.Add(node, $"there is no file {file}");
        }
        return file;
    }

    public void Resolve(Manifest manifest)
    {
        references.ForEach(check => check(manifest));
        if (FindCycle(manifest.Dependencies.DistinctBy(each => each.Name).ToDictionary(each => each.Name, each => each.Needs)) is { } cycle)
        {
            mistakes.Add(needs[cycle[0]], $"these need one another, so none can be built first: {string.Join(" -> ", cycle)}");
        }
    }

    string Refer(string name, YamlNode node, string kind, Func<Manifest, IEnumerable<string>> declared)
    {
        references.Add(manifest =>
        {
            var names = declared(manifest).ToList();
            if (name.Length > 0 && !names.Contains(name))
            {
                mistakes.Add(node, $"there is no {kind} '{name}'; {NearestWord.Suggestion(name, names)}");
            }
        });
        return name;
    }

    string? Inside(string path, YamlNode node)
    {
        var full = Path.GetFullPath(Path.Combine(directory, path));
        if (!IsBelow(full, directory))
        {
            mistakes.Add(node, $"{path} is outside the manifest's folder");
            return null;
        }
        if (WithoutLinks(full) is var real && !IsBelow(real, WithoutLinks(directory)))
        {
            mistakes.Add(
                node,
                $"{path} leads by a link to {real}, outside the manifest's folder: put a copy into it, where its history is kept"
            );
            return null;
        }
        return full;
    }

    static bool IsBelow(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    static string WithoutLinks(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real) is { LinkTarget: not null } link)
            {
                real = WithoutLinks(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
            }
        }
        return real;
    }

    static List<string>? FindCycle(Dictionary<string, IReadOnlyList<string>> needs)
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();

        List<string>? Visit(string name)
        {
            if (finished.Contains(name) || !needs.TryGetValue(name, out var next))
            {
                return null;
            }
            if (path.IndexOf(name) is >= 0 and var start)
            {
                return [.. path[start..], name];
            }
            path.Add(name);
            var cycle = next.Select(Visit).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            finished.Add(name);
            return cycle;
        }

        return needs.Keys.Select(Visit).FirstOrDefault(found => found is not null);
    }
}
