using System.Text;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>
/// The maintainer scripts (Debian Policy 6): the manifest's own, with what the package's users, folders and units need in the place of
/// <c>#DEBHELPER#</c>. The behaviour is that of debhelper's dh_installsysusers, dh_installtmpfiles and dh_installsystemd.
/// </summary>
sealed class MaintainerScripts(PackJob job, PackTree tree, Accounts accounts)
{
    const string Token = "#DEBHELPER#";

    // Also when dpkg rolls back a failed upgrade or removal (Debian Policy 6.6).
    const string Configuring =
        "[ \"$1\" = configure ] || [ \"$1\" = abort-upgrade ] || [ \"$1\" = abort-deconfigure ] || [ \"$1\" = abort-remove ]";
    const string Running = "[ -d /run/systemd/system ]";

    /// <summary>The scripts by name; <c>preinst</c> only if the manifest has one.</summary>
    public Dictionary<string, string> Render()
    {
        var units = new SystemdUnits(job, tree);
        var generated = new Dictionary<string, string>
        {
            ["preinst"] = "",
            ["postinst"] = Users() + Owners() + Folders() + EnableUnits(units) + StartUnits(units),
            ["prerm"] = StopUnits(units),
            ["postrm"] = ForgetUnits(units),
        };
        return generated
            .Select(script => (script.Key, Text: Script(script.Key, script.Value)))
            .Where(script => script.Text.Length > 0)
            .ToDictionary(script => script.Key, script => script.Text);
    }

    /// <summary>Whether the scripts call systemd-sysusers, which the package must then depend on.</summary>
    public bool NeedsSysusers => FilesIn(tree, "/usr/lib/sysusers.d", ".conf").Any();

    public static IEnumerable<DebFileEntry> FilesIn(PackTree tree, string folder, string suffix) =>
        tree.Files.Where(file =>
            file.Path.StartsWith(folder + "/", StringComparison.Ordinal)
            && file.Path.IndexOf('/', folder.Length + 1) < 0
            && file.Path.EndsWith(suffix, StringComparison.Ordinal)
        );

    string Script(string name, string generated)
    {
        if (!job.Section.Scripts.TryGetValue(name, out var file))
        {
            return generated.Length == 0 ? "" : $"#!/bin/sh\nset -e\n{generated}";
        }
        var own = File.ReadAllText(job.PathOf(file)).Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!own.StartsWith("#!", StringComparison.Ordinal))
        {
            throw job.Wrong($"{file} does not begin with an interpreter, such as #!/bin/sh");
        }
        if (generated.Length > 0 && !own.Contains(Token, StringComparison.Ordinal))
        {
            throw job.Wrong($"{file} lacks a line {Token}, where Debyard puts what the package's users, folders and units need");
        }
        return own.Replace(Token, generated.TrimEnd('\n'), StringComparison.Ordinal);
    }

    string Users() => Block(Configuring, FilesIn(tree, "/usr/lib/sysusers.d", ".conf").Select(file => $"systemd-sysusers {Name(file)}"));

    // An administrator's dpkg-statoverride comes first (Debian Policy 10.9.1). chown clears the bits of setuid, so chmod follows.
    string Owners() =>
        Block(
            Configuring,
            accounts.Later.Select(entry =>
            {
                var mode = tree.Find(entry.Path) switch
                {
                    DebFileEntry file => $" && chmod {Octal(file.Mode)} {Quote(entry.Path)}",
                    DebDirectory folder => $" && chmod {Octal(folder.Mode)} {Quote(entry.Path)}",
                    _ => "",
                };
                return $"dpkg-statoverride --list {Quote(entry.Path)} > /dev/null"
                    + $" || {{ chown --no-dereference {entry.User}:{entry.Group} {Quote(entry.Path)}{mode}; }}";
            })
        );

    string Folders()
    {
        var files = FilesIn(tree, "/usr/lib/tmpfiles.d", ".conf").Select(Name).ToList();
        return Block(
            Configuring,
            files.Count == 0
                ? []
                :
                [
                    "if [ -x \"$(command -v systemd-tmpfiles)\" ]; then",
                    $"    systemd-tmpfiles --create {string.Join(' ', files)} || true",
                    "fi",
                ]
        );
    }

    // was-enabled is true on the first installation, so that enables; later it is what the administrator chose.
    static string EnableUnits(SystemdUnits units) =>
        string.Concat(
            units.Installable.Select(unit =>
                Block(
                    Configuring,
                    unit.Enable
                        ?
                        [
                            $"deb-systemd-helper unmask {Quote(unit.Name)} > /dev/null || true",
                            $"if deb-systemd-helper --quiet was-enabled {Quote(unit.Name)}; then",
                            $"    deb-systemd-helper enable {Quote(unit.Name)} > /dev/null || true",
                            "else",
                            $"    deb-systemd-helper update-state {Quote(unit.Name)} > /dev/null || true",
                            "fi",
                        ]
                        :
                        [
                            $"if deb-systemd-helper debian-installed {Quote(unit.Name)}; then",
                            $"    deb-systemd-helper unmask {Quote(unit.Name)} > /dev/null || true",
                            $"    if deb-systemd-helper --quiet was-enabled {Quote(unit.Name)}; then",
                            $"        deb-systemd-helper enable {Quote(unit.Name)} > /dev/null || true",
                            "    fi",
                            "fi",
                            $"deb-systemd-helper update-state {Quote(unit.Name)} > /dev/null || true",
                        ]
                )
            )
        );

    static string StartUnits(SystemdUnits units) =>
        string.Concat(
            units
                .Startable.GroupBy(unit => (unit.Start, unit.Restart))
                .OrderBy(group => group.Key)
                .Select(group =>
                {
                    var names = Names(group);
                    var start = group.Key switch
                    {
                        (true, UnitRestart.After) => (string[])
                            [
                                "if [ -n \"$2\" ]; then",
                                $"    deb-systemd-invoke restart {names} > /dev/null || true",
                                "else",
                                $"    deb-systemd-invoke start {names} > /dev/null || true",
                                "fi",
                            ],
                        (true, _) => [$"deb-systemd-invoke start {names} > /dev/null || true"],
                        (false, UnitRestart.Never) => [],
                        (false, _) => ["if [ -n \"$2\" ]; then", $"    deb-systemd-invoke try-restart {names} > /dev/null || true", "fi"],
                    };
                    return Block(
                        Configuring,
                        [
                            $"if {Running}; then",
                            "    systemctl --system daemon-reload > /dev/null || true",
                            .. start.Select(line => "    " + line),
                            "fi",
                        ]
                    );
                })
        );

    static string StopUnits(SystemdUnits units)
    {
        var stopped = units.Startable.ToLookup(unit => unit is { Start: true, Restart: UnitRestart.Around });
        string Stop(bool always) =>
            stopped[always].Any()
                ? Block(
                    always ? Running : $"{Running} && [ \"$1\" = remove ]",
                    [$"deb-systemd-invoke stop {Names(stopped[always])} > /dev/null || true"]
                )
                : "";
        return Stop(always: true) + Stop(always: false);
    }

    static string ForgetUnits(SystemdUnits units) =>
        !units.Any
            ? ""
            : Block($"[ \"$1\" = remove ] && {Running}", ["systemctl --system daemon-reload > /dev/null || true"])
                + (
                    units.Installable.Count == 0
                        ? ""
                        : Block(
                            "[ \"$1\" = purge ] && [ -x /usr/bin/deb-systemd-helper ]",
                            [$"deb-systemd-helper purge {Names(units.Installable)} > /dev/null || true"]
                        )
                );

    // lintian takes what is between these comments for generated code.
    static string Block(string condition, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append("    ").Append(line).Append('\n');
        }
        return text.Length == 0
            ? ""
            : $"# Automatically added by Debyard\nif {condition}; then\n{text}fi\n# End automatically added section\n";
    }

    static string Names(IEnumerable<PackUnit> units) => string.Join(' ', units.Select(unit => Quote(unit.Name)));

    static string Name(DebFileEntry file) => Quote(file.Path[(file.Path.LastIndexOf('/') + 1)..]);

    static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');

    static string Quote(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '-' or '_')
            ? text
            : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
