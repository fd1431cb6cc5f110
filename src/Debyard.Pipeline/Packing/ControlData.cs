using System.Text.RegularExpressions;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>The fields of the control file (Debian Policy 5.3): from the manifest, else from its control file, else generated.</summary>
static partial class ControlData
{
    static readonly string[] relations =
    [
        "Pre-Depends",
        "Depends",
        "Recommends",
        "Suggests",
        "Enhances",
        "Conflicts",
        "Breaks",
        "Replaces",
        "Provides",
    ];

    static readonly string[] identity = ["Package", "Version", "Architecture"];
    static readonly string[] priorities = ["required", "important", "standard", "optional", "extra"];

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Variable { get; }

    [GeneratedRegex(@"^[^<>@]+ <[^<>@\s]+@[^<>@\s]+>$")]
    private static partial Regex Maintainer { get; }

    [GeneratedRegex(@"^[a-z0-9+./-]+$")]
    private static partial Regex Section { get; }

    /// <param name="job">The package.</param>
    /// <param name="depends">What the generated parts of the package need.</param>
    /// <param name="shlibs">Computes what <c>${shlibs:Depends}</c> stands for; called only if a field has it.</param>
    /// <exception cref="PipelineException">A field is missing or against Debian Policy.</exception>
    public static Stanza Of(PackJob job, IReadOnlyList<string> depends, Func<string> shlibs)
    {
        var fields = new Dictionary<string, string>(Written(job), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in job.Section.Fields)
        {
            fields[name] = value;
        }
        fields.TryAdd("Priority", "optional");
        foreach (var name in relations.Where(fields.ContainsKey))
        {
            fields[name] = Expand(job, name, fields[name], shlibs);
        }
        if (depends.Count > 0)
        {
            fields["Depends"] = string.Join(", ", Items(fields.GetValueOrDefault("Depends", "")).Concat(depends).Distinct());
        }
        Check(job, fields);
        try
        {
            return new Stanza(
                new[]
                {
                    new Field("Package", job.Name),
                    new("Version", job.Version),
                    new("Architecture", job.Architecture.ToString()),
                }.Concat(
                    fields
                        .Where(field => field.Value.Length > 0 && !identity.Contains(field.Key, StringComparer.OrdinalIgnoreCase))
                        .OrderBy(field => Rank(field.Key))
                        .Select(field => new Field(field.Key, field.Value))
                )
            );
        }
        catch (DebianFormatException exception)
        {
            throw job.Wrong(exception.Message.TrimEnd('.'));
        }
    }

    // The description last, as dpkg-gencontrol writes it.
    static int Rank(string name) =>
        name.ToUpperInvariant() switch
        {
            "MAINTAINER" => 0,
            "DESCRIPTION" => 3,
            "HOMEPAGE" => 2,
            _ => 1,
        };

    static IEnumerable<KeyValuePair<string, string>> Written(PackJob job)
    {
        if (job.Section.Control is not { } file)
        {
            return [];
        }
        try
        {
            var stanza = Stanza.Parse(File.ReadAllText(job.PathOf(file)));
            foreach (var (name, value) in new[] { ("Package", job.Name), ("Architecture", job.Architecture.ToString()) })
            {
                if (stanza[name] is { } written && written != value && written != "any")
                {
                    throw job.Wrong($"{file} says {name}: {written}, but the manifest {value}: remove the field from {file}");
                }
            }
            return stanza.Select(field => KeyValuePair.Create(field.Name, field.Value));
        }
        catch (DebianFormatException exception)
        {
            throw job.Wrong($"{file}: {exception.Message.TrimEnd('.')}");
        }
    }

    static IEnumerable<string> Items(string relations) =>
        relations.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // deb-substvars(5), the variables that a package without a source package has.
    static string Expand(PackJob job, string field, string text, Func<string> shlibs)
    {
        string ValueOf(Match variable) =>
            variable.Groups[1].Value switch
            {
                "shlibs:Depends" => shlibs(),
                "misc:Depends" => "",
                "binary:Version" or "source:Version" => job.Version,
                var unknown => throw job.Wrong(
                    $"{field} has the unknown variable ${{{unknown}}}; "
                        + NearestWord.Suggestion(unknown, ["shlibs:Depends", "misc:Depends", "binary:Version", "source:Version"])
                ),
            };
        return string.Join(", ", Items(Variable.Replace(text, ValueOf)).Distinct());
    }

    static void Check(PackJob job, Dictionary<string, string> fields)
    {
        string Required(string name, string example) =>
            fields.GetValueOrDefault(name) is { Length: > 0 } value
                ? value
                : throw job.Wrong($"'pack' lacks '{name.ToLowerInvariant()}', such as {example}");

        if (Required("Maintainer", "Streamer Team <streamer@example.org>") is var maintainer && !Maintainer.IsMatch(maintainer))
        {
            throw job.Wrong($"the maintainer '{maintainer}' must be a name and an address: Name <name@example.org> (Debian Policy 5.6.2)");
        }
        if (!Section.IsMatch(Required("Section", "net")))
        {
            throw job.Wrong($"the section '{fields["Section"]}' is not a section (Debian Policy 2.4)");
        }
        if (!priorities.Contains(fields["Priority"]))
        {
            throw job.Wrong(
                $"there is no priority '{fields["Priority"]}'; {NearestWord.Suggestion(fields["Priority"], priorities)} (Debian Policy 2.5)"
            );
        }
        if (
            fields.GetValueOrDefault("Homepage") is { } homepage
            && !(Uri.TryCreate(homepage, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ftp")
        )
        {
            throw job.Wrong($"the homepage '{homepage}' is not an address");
        }
        CheckDescription(job, Required("Description", "small HTTP media server"));
    }

    // Debian Policy 3.4, 5.6.13.
    static void CheckDescription(PackJob job, string description)
    {
        var lines = description.Split('\n');
        var synopsis = lines[0].Trim();
        var problem =
            synopsis.Length == 0 ? "its first line, the synopsis, is empty"
            : synopsis.Length > 80 ? $"its first line, the synopsis, has {synopsis.Length} characters: 80 are allowed"
            : synopsis.EndsWith('.') ? "its first line, the synopsis, is no sentence: remove the full stop"
            : lines.Skip(1).All(line => line.Trim() is "" or ".") ? "add a longer description below its first line"
            : null;
        if (problem is not null)
        {
            throw job.Wrong($"the description is wrong: {problem} (Debian Policy 3.4)");
        }
    }
}
