namespace Debyard.Pipeline.Rpm;

/// <summary>
/// The scriptlets for what a package ships for systemd: Fedora's macros <c>%systemd_post</c>, <c>%systemd_preun</c> and
/// <c>%systemd_postun_with_restart</c> written out, because the machine that builds the rpm has them not, and sysusers and tmpfiles. An
/// argument of 1 means the first installation, 0 the removal.
/// </summary>
static class SystemdScripts
{
    static readonly string[] unitFolders = ["/usr/lib/systemd/system/", "/lib/systemd/system/", "/etc/systemd/system/"];
    static readonly string[] unitTypes = [".service", ".socket", ".timer", ".path", ".target", ".mount", ".automount", ".swap"];

    public static IReadOnlyDictionary<string, string> For(DebContent package)
    {
        var units = package.Files.Select(file => UnitOf(file.Path)).OfType<string>().Order(StringComparer.Ordinal).ToList();
        // A template is enabled with a name that only an administrator knows.
        var enabled = string.Join(' ', units.Where(unit => !unit.Contains("@.", StringComparison.Ordinal)));
        var (post, preun, postun) = (new List<string>(), new List<string>(), new List<string>());
        foreach (
            var (folder, command) in new[]
            {
                ("/usr/lib/sysusers.d/", "systemd-sysusers"),
                ("/usr/lib/tmpfiles.d/", "systemd-tmpfiles --create"),
            }
        )
        {
            post.AddRange(
                package
                    .Files.Where(file =>
                        file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.EndsWith(".conf", StringComparison.Ordinal)
                    )
                    .Select(file => $"{command} {file.Path[folder.Length..]} >/dev/null 2>&1 || :")
            );
        }
        if (units.Count > 0)
        {
            const string reload = "if [ -d /run/systemd/system ]; then systemctl daemon-reload >/dev/null 2>&1 || :; fi";
            post.Add(reload);
            postun.Add(reload);
        }
        if (enabled.Length > 0)
        {
            post.Add($"if [ $1 -eq 1 ]; then systemctl --no-reload preset {enabled} >/dev/null 2>&1 || :; fi");
            preun.Add($"if [ $1 -eq 0 ]; then systemctl --no-reload disable --now {enabled} >/dev/null 2>&1 || :; fi");
            postun.Add($"if [ $1 -ge 1 ] && [ -d /run/systemd/system ]; then systemctl try-restart {enabled} >/dev/null 2>&1 || :; fi");
        }
        return new[] { ("post", post), ("preun", preun), ("postun", postun) }
            .Where(script => script.Item2.Count > 0)
            .ToDictionary(script => script.Item1, script => string.Join('\n', script.Item2));
    }

    static string? UnitOf(string path) =>
        unitFolders.FirstOrDefault(folder => path.StartsWith(folder, StringComparison.Ordinal)) is { } folder
        && path[folder.Length..] is var unit
        && !unit.Contains('/', StringComparison.Ordinal)
        && unitTypes.Contains(Path.GetExtension(unit))
            ? unit
            : null;
}
