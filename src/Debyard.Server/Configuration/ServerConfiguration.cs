using System.Net;
using Debyard.Debian;
using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Server.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Configuration;

/// <summary>
/// Reads <see cref="ServerOptions"/> from <c>appsettings.json</c> beside the program, the file that the operator names, environment
/// variables (<c>DEBYARD_Access__Tokens__ci__Hash</c>) and the command line. Later sources override earlier ones.
/// </summary>
public static class ServerConfiguration
{
    static readonly string[] keys =
    [
        "Urls",
        "PublicUrl",
        "TrustedProxies",
        "DefaultBranch",
        "Architectures",
        "ReleaseBranches",
        "ReplacingBranches",
        "TrustedBranches",
        "Versions",
        "RetentionHours",
        "GraceDays",
        "StopSeconds",
        "Access",
        "GitLab",
        "Limits",
        "Logging",
    ];

    /// <param name="root">The served folder. No configuration is read from it.</param>
    /// <param name="file">The configuration file, outside the served folder; null: none.</param>
    /// <param name="commandLine">Settings by key; null if not given. Not for secrets: other users can read command lines.</param>
    /// <exception cref="ServerStartException">A setting is unknown or invalid, or the file is missing or in the served folder. The message
    /// contains no secret.</exception>
    public static ServerOptions Read(string root, string? file = null, params IEnumerable<(string Key, string? Value)> commandLine)
    {
        ServedFolder.RequireNoSecrets(root);
        if (file is not null)
            ServedFolder.RequireOutside(root, file);
        var configuration = Load(
            file is null ? null : Path.GetFullPath(file),
            commandLine.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(setting.Key, setting.Value))
        );
        var top = new Settings(configuration, "");
        var access = top.Section("Access") is { } section ? AccessSettings.Read(section, Folder(file), root) : null;
        var defaults = new ServerOptions { Repository = new RepositoryOptions { Root = root } };
        return defaults with
        {
            Repository = Repository(top, defaults.Repository),
            Urls = top.List("Urls") is { Length: > 0 } urls ? urls : ["http://127.0.0.1:8080"],
            PublicUrl = top.Text("PublicUrl") is { } url ? PublicUrl(url) : null,
            TrustedProxies = [.. top.List("TrustedProxies").Select(Proxy)],
            StopTimeout = TimeSpan.FromSeconds(top.Number("StopSeconds", (long)defaults.StopTimeout.TotalSeconds)),
            Access = access,
            GitLab = top.Section("GitLab") is { } gitLab ? GitLabSettings.Read(gitLab, Folder(file), root, access?.GitLab) : null,
            Limits = top.Section("Limits") is { } limits ? Limits(limits) : defaults.Limits,
            // The section of ASP.NET: Logging:LogLevel:Default, Logging:Console:FormatterName (simple, json, systemd).
            Logging = logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole(),
        };
    }

    static RepositoryOptions Repository(Settings top, RepositoryOptions defaults) =>
        defaults with
        {
            DefaultBranch = top.Text("DefaultBranch") ?? defaults.DefaultBranch,
            Architectures = top.List("Architectures") is { Length: > 0 } architectures
                ? [.. architectures.Select(Architecture)]
                : defaults.Architectures,
            ReleaseBranches = top.Branches("ReleaseBranches"),
            ReplacingBranches = top.Branches("ReplacingBranches"),
            TrustedBranches = top.Branches("TrustedBranches"),
            Versions = [.. top.Section("Versions")?.Children.Select(Versions) ?? []],
            Retention = TimeSpan.FromHours(top.Number("RetentionHours", (long)defaults.Retention.TotalHours, least: 0)),
            Grace = TimeSpan.FromDays(top.Number("GraceDays", (long)defaults.Grace.TotalDays, least: 0, most: 36_500)),
        };

    static string Folder(string? file) => file is null ? AppContext.BaseDirectory : Path.GetDirectoryName(Path.GetFullPath(file))!;

    static IConfigurationRoot Load(string? file, IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        try
        {
            var builder = new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("Logging:LogLevel:Default", "Warning"),
                    new("Logging:LogLevel:Debyard.Server.Access", "Information"),
                    new("Logging:Console:FormatterName", "simple"),
                ])
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (file is not null)
                builder.AddJsonFile(file, optional: false);
            var configuration = builder.AddEnvironmentVariables("DEBYARD_").AddInMemoryCollection(commandLine).Build();
            RefuseUnknown(configuration);
            return configuration;
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException or UnauthorizedAccessException or IOException)
        {
            throw new ServerStartException($"{fault.Message} {fault.InnerException?.Message}".Trim(), fault);
        }
    }

    // Files only: the pipeline uses other environment variables with this prefix.
    static void RefuseUnknown(IConfigurationRoot configuration)
    {
        foreach (var file in configuration.Providers.OfType<JsonConfigurationProvider>())
            if (file.GetChildKeys([], null).FirstOrDefault(key => !keys.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw new ServerStartException(
                    $"{file.Source.Path}: Unknown setting {unknown}; the settings are {string.Join(", ", keys)}."
                );
    }

    static LimitOptions Limits(Settings limits)
    {
        var defaults = new LimitOptions();
        limits.Only(
            "LargestUpload",
            "ConcurrentUploads",
            "Connections",
            "ConnectionsPerAddress",
            "RequestsPerSecond",
            "FailuresPerMinute",
            "SlowestBody",
            "LargestHeaders"
        );
        return new LimitOptions
        {
            LargestUpload = limits.Number("LargestUpload", defaults.LargestUpload, most: long.MaxValue),
            ConcurrentUploads = (int)limits.Number("ConcurrentUploads", defaults.ConcurrentUploads),
            Connections = limits.NumberOrNone("Connections"),
            ConnectionsPerAddress = limits.NumberOrNone("ConnectionsPerAddress"),
            RequestsPerSecond = limits.NumberOrNone("RequestsPerSecond"),
            FailuresPerMinute = (int)limits.Number("FailuresPerMinute", defaults.FailuresPerMinute),
            SlowestBody = (int)limits.Number("SlowestBody", defaults.SlowestBody),
            LargestHeaders = (int)limits.Number("LargestHeaders", defaults.LargestHeaders, least: 4096),
        };
    }

    static VersionRetention Versions(Settings rule)
    {
        rule.Only("Branches", "Count", "Days");
        return new VersionRetention(
            rule.Read("Branches", () => BranchPattern.Parse(rule.Required("Branches"))),
            rule.NumberOrNone("Count"),
            rule.NumberOrNone("Days") is { } days ? TimeSpan.FromDays(days) : null
        );
    }

    static Uri PublicUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!
            : throw new ServerStartException($"PublicUrl '{text}' is not an http or https address.");

    static IPAddress Proxy(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : throw new ServerStartException($"TrustedProxies: '{text}' is not an IP address.");

    static Architecture Architecture(string text)
    {
        try
        {
            return Debian.Names.Architecture.Parse(text);
        }
        catch (DebianFormatException fault)
        {
            throw new ServerStartException($"Architectures: {fault.Message}", fault);
        }
    }
}
