using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>
/// The smallest product that goes all the way: a dependency, and a package that needs it and answers over HTTP. Its images build
/// within a second each, on the base image of the sample product; their names are this run's own.
/// </summary>
sealed class TinyProduct : Workspace
{
    public const string DependencyVersion = "1.0-1";

    public TinyProduct()
        : this($"tiny{Guid.NewGuid():N}"[..12])
    {
        Directory.CreateDirectory(this[".nuke"]);
        Write("debyard.yml", Manifest);
        Write("tools/Dockerfile", "ARG BASE\nFROM ${BASE}\n");
        Write("lib/Dockerfile", "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\n" + Pack(depends: null));
        Write("lib/content", "a library\n");
        Write("main/Dockerfile", "ARG BASE\nFROM ${BASE}\n" + Pack(depends: Library));
        Write("main/content", Service);
    }

    TinyProduct(string name) => Name = name;

    /// <summary>The main package.</summary>
    public string Name { get; }

    public string Library => $"{Name}-lib";

    public string LibraryFile => $"{Library}_{DependencyVersion}_amd64.deb";

    /// <summary>The same product in another folder, with all it has built and published.</summary>
    public async Task<TinyProduct> CopyAsync()
    {
        var copy = new TinyProduct(Name);
        await Tool.RunAsync("cp", "--archive", $"{Root}/.", copy.Root);
        return copy;
    }

    public void Write(string path, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], content);
    }

    public void Edit(string path, string old, string @new)
    {
        var text = File.ReadAllText(this[path]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(this[path], text.Replace(old, @new, StringComparison.Ordinal));
    }

    /// <summary>Makes the service a unit, with maintainer scripts as debhelper writes them.</summary>
    /// <param name="execStart">What the unit runs; it must listen on <paramref name="port"/>.</param>
    /// <param name="depends">Packages of Debian that it needs.</param>
    /// <param name="settings">More lines of the unit's <c>[Service]</c>.</param>
    public void MakeUnit(string execStart, int port = 8080, string? depends = null, string settings = "")
    {
        Write("main/unit", $"[Service]\nExecStart={execStart}\n{settings}\n[Install]\nWantedBy=multi-user.target\n");
        Write(
            "main/postinst",
            $"#!/bin/sh\nset -e\ndeb-systemd-helper enable {Name}.service >/dev/null\nif [ -d /run/systemd/system ]; then "
                + $"systemctl daemon-reload; deb-systemd-invoke restart {Name}.service || true; fi\n"
        );
        Write("main/prerm", $"#!/bin/sh\n[ \"$1\" != remove ] || [ ! -d /run/systemd/system ] || deb-systemd-invoke stop {Name}.service\n");
        Write(
            "main/postrm",
            $"#!/bin/sh\n[ \"$1\" != purge ] || deb-systemd-helper purge {Name}.service >/dev/null\n"
                + "[ ! -d /run/systemd/system ] || systemctl daemon-reload\n"
        );
        Edit(
            "main/Dockerfile",
            "COPY content /package/opt/\n",
            $"COPY content /package/opt/\nCOPY unit /package/usr/lib/systemd/system/{Name}.service\n"
                + "COPY postinst prerm postrm /package/DEBIAN/\nRUN chmod 755 /package/DEBIAN/*\n"
        );
        if (depends is not null)
        {
            Edit("main/Dockerfile", "Depends: ", $"Depends: {depends}, ");
        }
        Edit("debyard.yml", $"start: perl /opt/{Name}/content {{port}}", $"port: {port}");
    }

    /// <summary>Nothing is left of a run but what it says it keeps.</summary>
    public async Task LeavesNothingAsync(Outcome outcome)
    {
        Assert.DoesNotContain(
            await Engine.ContainersAsync(),
            container => container.Contains($":{outcome.ProcessId} ", StringComparison.Ordinal)
        );
        // The classic builder's own container: the engine removes it by itself once its client has gone.
        await Wait.UntilAsync(
            async () => !(await Engine.ContainersAsync()).Any(container => container.Contains(Name, StringComparison.Ordinal)),
            "the builder's container to go"
        );
        Assert.Empty(Processes());
        Assert.Empty(HalfDone());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    public Task RemoveImagesAsync() => Engine.RemoveImagesAsync($"debyard/streamer/{Name}*");

    string Manifest =>
        $$"""
            product: streamer
            architectures:
              amd64: { strategy: native, triplet: x86_64-linux-gnu, toolchain: {{Name}}-tools }
            bases:
              bookworm: { bootstrap: bookworm }
            toolchains:
              {{Name}}-tools: { context: tools, base: bookworm }
            dependencies:
              {{Library}}: { version: {{DependencyVersion}}, context: lib }
            packages:
              {{Name}}: { version: 1.0, architecture: all, context: main, base: bookworm, needs: [{{Library}}] }
            validation:
              base: bookworm
              install: [{{Name}}]
              scenarios:
                plain:
                  start: perl /opt/{{Name}}/content {port}
                  checks:
                    - { get: /health, status: 200, contains: ok }

            """;

    static string Pack(string? depends) =>
        $$"""
            ARG PACKAGE
            ARG VERSION
            ARG ARCHITECTURE
            COPY content /package/opt/
            RUN mkdir --parents "/package/opt/${PACKAGE}" /package/DEBIAN /artifacts \
             && install --mode=644 /package/opt/content "/package/opt/${PACKAGE}/content" && rm /package/opt/content \
             && printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: Tiny <tiny@example.org>\n{{(
                depends is null ? "" : $"Depends: {depends}\\n"
            )}}Description: tiny\n' \
                  "${PACKAGE}" "${VERSION}" "${ARCHITECTURE}" > /package/DEBIAN/control \
             && find /package -exec touch --date=@0 {} + \
             && SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group -Znone --build /package \
                  "/artifacts/${PACKAGE}_${VERSION}_${ARCHITECTURE}.deb"

            """;

    // perl-base is in every Debian.
    const string Service = """
        use IO::Socket::INET;
        $| = 1;
        my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$ARGV[0]", Listen => 5, ReuseAddr => 1) or die "cannot listen: $!\n";
        print "listening on port $ARGV[0]\n";
        while (my $client = $listener->accept) {
            while (<$client>) { last if /^\r?\n$/ }
            print $client "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
            close $client;
        }

        """;
}
