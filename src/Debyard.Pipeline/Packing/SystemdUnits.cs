using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>The systemd units in a package's tree, with what the manifest says about them.</summary>
sealed class SystemdUnits
{
    const string Folder = "/usr/lib/systemd/system";

    static readonly string[] types = [".service", ".socket", ".timer", ".path", ".mount", ".automount", ".target", ".slice", ".swap"];

    /// <exception cref="PipelineException">The manifest names a unit that the tree does not have.</exception>
    public SystemdUnits(PackJob job, PackTree tree)
    {
        var found = types
            .SelectMany(type => MaintainerScripts.FilesIn(tree, Folder, type))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .ToDictionary(file => file.Path[(Folder.Length + 1)..], HasInstall);
        foreach (var unit in job.Section.Units.Where(unit => !found.ContainsKey(unit.Name)))
        {
            throw job.Wrong(
                $"there is no unit {unit.Name} in the package's {Folder}; {NearestWord.Suggestion(unit.Name, found.Keys)}",
                unit.Line
            );
        }
        var units = found
            .Keys.Select(name =>
                job.Section.Units.FirstOrDefault(unit => unit.Name == name) ?? new PackUnit(0, name, true, true, UnitRestart.After)
            )
            .ToList();
        Any = units.Count > 0;
        Installable = [.. units.Where(unit => found[unit.Name])];
        // As dh_installsystemd: a unit without [Install] is started by others, unless the manifest names it; a template has no instance.
        Startable = [.. units.Where(unit => !unit.Name.Contains('@') && (found[unit.Name] || unit.Line > 0))];
    }

    public bool Any { get; }

    /// <summary>The units that can be enabled: those with a section <c>[Install]</c>.</summary>
    public IReadOnlyList<PackUnit> Installable { get; }

    public IReadOnlyList<PackUnit> Startable { get; }

    static bool HasInstall(DebFileEntry file)
    {
        using var reader = new StreamReader(file.Open());
        return reader.ReadToEnd().Split('\n').Any(line => line.Trim() == "[Install]");
    }
}
