using System.Globalization;
using System.Text;
using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Rpm;

/// <summary>The spec file from which rpmbuild makes the rpm of a .deb. It depends on nothing but the .deb and the manifest.</summary>
public static class RpmSpec
{
    // Debian Policy 5, deb-control(5), and what dpkg-gencontrol and debhelper add. "Known" fields are translated here or in RpmRelations;
    // "informative" ones say nothing about the installed package.
    static readonly HashSet<string> known =
    [
        "Package",
        "Version",
        "Architecture",
        "Maintainer",
        "Description",
        "Homepage",
        "Section",
        "Depends",
        "Pre-Depends",
        "Recommends",
        "Suggests",
        "Enhances",
        "Provides",
        "Breaks",
        "Conflicts",
        "Replaces",
    ];
    static readonly HashSet<string> informative =
    [
        "Priority",
        "Source",
        "Installed-Size",
        "Multi-Arch",
        "Original-Maintainer",
        "Origin",
        "Bugs",
        "Tag",
        "Build-Ids",
        "Built-Using",
        "Static-Built-Using",
        "Auto-Built-Package",
        "Description-Md5",
        "Package-Type",
    ];
    static readonly string[] informativeFiles = ["conffiles", "md5sums", "shlibs", "symbols"];

    /// <param name="package">The .deb.</param>
    /// <param name="own">The names of packages that are made into rpms too.</param>
    /// <param name="settings">What the manifest says about the rpm.</param>
    /// <exception cref="PipelineException">Something has no counterpart in rpm; every such field is named, with what to do.</exception>
    public static string Render(DebContent package, IReadOnlySet<string> own, RpmSettings settings)
    {
        try
        {
            var relations = new RpmRelations(package, own, settings).Translate();
            var (scripts, scriptProblems) = Scripts(package, settings);
            var (files, fileProblems) = RpmFiles.Render(package);
            List<string> problems =
            [
                .. FieldProblems(package, settings),
                .. relations.Problems,
                .. ControlFileProblems(package, settings),
                .. scriptProblems,
                .. fileProblems,
            ];
            return problems.Count == 0
                ? Render(package, settings, relations.Lines, scripts, files)
                : throw new PipelineException(string.Join('\n', problems.Select(problem => $"{package.Name}: {problem}.")));
        }
        catch (PipelineException exception) when (!exception.Message.StartsWith($"{package.Name}: ", StringComparison.Ordinal))
        {
            throw new PipelineException($"{package.Name}: {exception.Message}.", exception);
        }
    }

    static string Render(
        DebContent package,
        RpmSettings settings,
        IReadOnlyList<string> relations,
        IReadOnlyDictionary<string, string> scripts,
        IReadOnlyList<string> files
    )
    {
        var control = package.Control;
        var version = RpmVersion.Of(DebianVersion.Parse(control.Required("Version")));
        var description = control.Required("Description").Split('\n');
        var spec = new StringBuilder();
        Add("Name", control.Required("Package"));
        Add("Epoch", version.Epoch == 0 ? null : version.Epoch.ToString(CultureInfo.InvariantCulture));
        Add("Version", version.Version);
        Add("Release", version.Release);
        Add("Summary", description[0].Trim());
        Add("License", settings.License ?? License(package));
        Add("Group", control["Section"]);
        Add("URL", control["Homepage"]);
        Add("Packager", control["Maintainer"]);
        Add("BuildArch", package.Name.Architecture.IsAll ? "noarch" : null);
        foreach (var relation in relations)
        {
            spec.Append(Escaped(relation)).Append('\n');
        }
        // Debian Policy 5.6.13: a line with a dot alone is an empty one.
        AddSection("description", string.Join('\n', description.Skip(1).Select(line => line.Trim() is "." ? "" : line.TrimEnd()[1..])));
        AddSection("install", $"cp -a {RpmBuilder.Tree}/. %{{buildroot}}/", isMacro: true);
        foreach (var name in RpmSettings.ScriptNames.Where(scripts.ContainsKey))
        {
            AddSection(name, scripts[name].TrimEnd());
        }
        AddSection("files", string.Join('\n', files), isMacro: true);
        return spec.ToString();

        void Add(string tag, string? value)
        {
            if (value is { Length: > 0 })
            {
                spec.Append(CultureInfo.InvariantCulture, $"{tag}: {Escaped(value)}\n");
            }
        }

        void AddSection(string name, string content, bool isMacro = false) =>
            spec.Append(CultureInfo.InvariantCulture, $"\n%{name}\n{(isMacro ? content : Escaped(content))}\n");
    }

    static string License(DebContent package)
    {
        var copyright = $"/usr/share/doc/{package.Name.Name}/copyright";
        return package.Files.Any(file => file.Path == copyright) ? $"See {copyright}" : "Unspecified";
    }

    static IEnumerable<string> FieldProblems(DebContent package, RpmSettings settings)
    {
        foreach (var field in package.Control.Where(field => !settings.Ignore.Contains(field.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (field.Name is "Essential" or "Protected" or "Important" ? field.Value == "yes" : !IsKnown(field.Name))
            {
                yield return $"the control field {field.Name} has no counterpart in rpm: leave it out with "
                    + $"'rpm: {{ ignore: [{field.Name}] }}'";
            }
        }
    }

    static bool IsKnown(string field) =>
        known.Contains(field, StringComparer.OrdinalIgnoreCase) || informative.Contains(field, StringComparer.OrdinalIgnoreCase);

    static IEnumerable<string> ControlFileProblems(DebContent package, RpmSettings settings)
    {
        foreach (
            var (name, content) in package.ControlFiles.Where(file =>
                !informativeFiles.Contains(file.Key) && !MaintainerScript.Names.Contains(file.Key) && !settings.Ignore.Contains(file.Key)
            )
        )
        {
            // rpm's distributions update the linker's cache by a trigger of their own.
            var line = content
                .Split('\n')
                .FirstOrDefault(line => line.Trim() is { Length: > 0 } text && !text.StartsWith('#') && !IsLinkerTrigger(name, text));
            if (line is not null)
            {
                yield return $"the control file {name} ('{line.Trim()}') has no counterpart in rpm: leave it out with "
                    + $"'rpm: {{ ignore: [{name}] }}'";
            }
        }
    }

    static bool IsLinkerTrigger(string file, string line) =>
        file == "triggers" && line.StartsWith("activate", StringComparison.Ordinal) && line.EndsWith(" ldconfig", StringComparison.Ordinal);

    static (IReadOnlyDictionary<string, string> Scripts, IReadOnlyList<string> Problems) Scripts(DebContent package, RpmSettings settings)
    {
        if (settings.Scripts.Count > 0)
        {
            return (settings.Scripts, []);
        }
        var problems = new List<string>();
        foreach (var name in MaintainerScript.Names.Where(name => !settings.Ignore.Contains(name)))
        {
            if (package.ControlFiles.TryGetValue(name, out var script) && MaintainerScript.FindUnknown(script) is var (number, line))
            {
                problems.Add(
                    $"its {name} has no counterpart in rpm, line {number}: {line}. "
                        + "Write what it must do as 'rpm: { scripts: { post: ... } }' "
                        + $"(also pre, preun, postun, posttrans), or leave it out with 'rpm: {{ ignore: [{name}] }}'"
                );
            }
        }
        return (SystemdScripts.For(package), problems);
    }

    static string Escaped(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
