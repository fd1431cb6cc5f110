using System.Text.RegularExpressions;
using Debyard.Debian.Names;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>
/// Checks the names in a manifest: their syntax when they are read, and in <see cref="Resolve"/> that they refer to something, which may
/// be defined later in the file.
/// </summary>
sealed partial class ManifestNames(string directory, Mistakes mistakes)
{
    readonly List<Action<Manifest>> references = [];
    readonly Dictionary<string, YamlNode> needs = new(StringComparer.Ordinal);

    // The grammar of a path component of an image name: https://github.com/distribution/reference
    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$")]
    private static partial Regex ImageName { get; }

    public string Image(string name, YamlNode node)
    {
        if (name.Length > 0 && !ImageName.IsMatch(name))
        {
            mistakes.Add(node, $"'{name}' is not a valid image name: use lower-case letters and digits, separated by '-', '_' or '.'");
        }
        return name;
    }

    public string Package(string name, YamlNode node)
    {
        if (!PackageName.TryParse(name, out _))
        {
            mistakes.Add(
                node,
                $"'{name}' is not a valid package name: use at least two of a-z, 0-9, '+', '-', '.', and begin with a letter or digit "
                    + "(Debian Policy 5.6.7)"
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
                $"'{version}' is not a Debian version: use [epoch:]upstream[-revision], where upstream begins with a digit "
                    + "(Debian Policy 5.6.12)"
            );
        }
        return version;
    }

    public Architecture Architecture(string name, YamlNode node)
    {
        if (!Debian.Names.Architecture.TryParse(name, out var architecture))
        {
            mistakes.Add(node, $"'{name}' is not a valid architecture name: use lower-case letters, digits and '-'");
        }
        return architecture;
    }

    public Architecture DeclaredArchitecture(string name, YamlNode node)
    {
        Refer(name, node, "architecture", manifest => manifest.Architectures.Select(architecture => architecture.Name.ToString()));
        return Architecture(name, node);
    }

    public string Base(string name, YamlMap map) =>
        Refer(name, map.Find("base") ?? map.Node, "base", manifest => manifest.Bases.Select(@base => @base.Name));

    public string Toolchain(string name, YamlMap map, BuildStrategy strategy)
    {
        var node = map.Find("toolchain") ?? map.Node;
        references.Add(manifest =>
        {
            if (
                strategy == BuildStrategy.Supplied
                && manifest.Toolchains.Any(toolchain => toolchain.Name == name && toolchain is not Manifests.Toolchain.Supplied)
            )
            {
                mistakes.Add(node, $"strategy 'supplied' needs a toolchain with 'image', and '{name}' has none");
            }
        });
        return Refer(name, node, "toolchain", manifest => manifest.Toolchains.Select(toolchain => toolchain.Name));
    }

    [GeneratedRegex(@"^(?:\$\{[A-Za-z_][A-Za-z0-9_]*\}|[a-zA-Z0-9][a-zA-Z0-9._/:@-]*)$")]
    private static partial Regex ImageOrVariable { get; }

    /// <summary>An image reference, or the environment variable that holds one.</summary>
    public string SuppliedImage(string image, YamlNode node)
    {
        if (!ImageOrVariable.IsMatch(image))
        {
            mistakes.Add(node, $"'{image}' is neither an image reference nor an environment variable such as ${{E2K_TOOLCHAIN}}");
        }
        return image;
    }

    public string MainPackage(string name, YamlNode node) =>
        Refer(name, node, "package", manifest => manifest.Packages.Select(package => package.Name));

    public IReadOnlyList<string> Needs(YamlMap map)
    {
        var names = map.List("needs");
        foreach (var (name, node) in names)
        {
            Refer(name, node, "dependency", manifest => manifest.Dependencies.Select(dependency => dependency.Name));
            needs.TryAdd(name, node);
        }
        return [.. names.Select(name => name.Text)];
    }

    /// <summary>A folder with a Dockerfile, relative to the manifest.</summary>
    public string Context(YamlMap map)
    {
        var context = map.Required("context");
        if (context.Length == 0 && map.Find("context") is { } empty)
        {
            mistakes.Add(empty, "'context' is empty: set it to the folder of the Dockerfile");
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

    /// <summary>A file, relative to the manifest.</summary>
    public string File(string file, YamlNode node)
    {
        if (Inside(file, node) is { } path && !System.IO.File.Exists(path))
        {
            mistakes.Add(node, $"there is no file {file}");
        }
        return file;
    }

    /// <summary>Whether a file relative to the manifest exists and contains some bytes.</summary>
    public bool FileContains(string file, ReadOnlySpan<byte> part) =>
        Path.GetFullPath(Path.Combine(directory, file)) is var path
        && IsBelow(path, directory)
        && System.IO.File.Exists(path)
        && System.IO.File.ReadAllBytes(path).AsSpan().IndexOf(part) >= 0;

    public void Resolve(Manifest manifest)
    {
        references.ForEach(check => check(manifest));
        var needsByName = manifest
            .Dependencies.DistinctBy(dependency => dependency.Name)
            .ToDictionary(dependency => dependency.Name, dependency => dependency.Needs);
        if (FindCycle(needsByName) is { } cycle)
        {
            mistakes.Add(needs[cycle[0]], $"circular dependency: {string.Join(" -> ", cycle)}");
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
                $"{path} is a link to {real}, outside the manifest's folder: copy it into that folder, so that git tracks it"
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

        List<string>? FindFrom(string name)
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
            var cycle = next.Select(FindFrom).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            finished.Add(name);
            return cycle;
        }

        return needs.Keys.Select(FindFrom).FirstOrDefault(found => found is not null);
    }
}
