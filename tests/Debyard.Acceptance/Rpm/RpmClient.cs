using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Rpm;

/// <summary>
/// A container with Debian's dnf, rpm and createrepo_c, on this machine's network. Its image is bootstrapped once and kept.
/// <c>/root1</c> is an empty root for dnf, in which a package stands for the distribution's libc and shell.
/// </summary>
sealed class RpmClient : IAsyncDisposable
{
    const string Image = "debyard-test/rpm-client:bookworm-2";

    // With the files of the container itself, so that scriptlets and programs really run in the root.
    const string BaseSystem = """
        Name: base-system
        Version: 1
        Release: 1
        Summary: libc and a shell
        License: various
        Provides: /bin/sh rtld(GNU_HASH)
        %description
        %install
        mkdir -p %{buildroot}/bin %{buildroot}/lib64 %{buildroot}/lib/x86_64-linux-gnu
        cp -L /bin/dash %{buildroot}/bin/sh
        cp -L /lib64/ld-linux-x86-64.so.2 %{buildroot}/lib64/
        for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1; do
          cp -L /lib/x86_64-linux-gnu/$library %{buildroot}/lib/x86_64-linux-gnu/
        done
        %files
        /bin/sh
        /lib64/*
        /lib/x86_64-linux-gnu/*
        """;

    readonly string id;

    RpmClient(string id) => this.id = id;

    public static async Task<RpmClient> StartAsync()
    {
        if ((await Engine.ImagesAsync(Image)).Count == 0)
        {
            await BootstrapAsync();
        }
        var id = await Tool.RunAsync("docker", "run", "--detach", "--init", "--network=host", Image, "sleep", "infinity");
        var client = new RpmClient(id.Trim());
        await client.ShellAsync($"cat > /base.spec <<'END'\n{BaseSystem}\nEND\n");
        await client.ShellAsync(
            "rpmbuild -bb --quiet --define '__os_install_post %{nil}' --define 'debug_package %{nil}' --define '_build_id_links none' "
                + "--define '_rpmdir /base' /base.spec && rpm --root /root1 --initdb && rpm --root /root1 --install /base/*/*.rpm "
                + "&& mkdir /root1/dev && mknod -m 666 /root1/dev/null c 1 3"
        );
        return client;
    }

    /// <summary>Runs a script; fails the test if it fails.</summary>
    public Task<string> ShellAsync(string script) => Tool.RunAsync("docker", "exec", id, "sh", "-ec", script);

    /// <summary>Returns the exit code, and the output followed by the errors.</summary>
    public Task<(int ExitCode, string Output)> TryAsync(string script) => Tool.TryAsync("docker", "exec", id, "sh", "-ec", script);

    public Task CopyInAsync(string file, string path) => Tool.RunAsync("docker", "cp", file, $"{id}:{path}");

    /// <summary>dnf for the empty root, with only the repositories of the container's <c>/etc/yum.repos.d</c>.</summary>
    public Task<string> DnfAsync(string command) => ShellAsync(Dnf(command));

    public Task<(int ExitCode, string Output)> TryDnfAsync(string command) => TryAsync(Dnf(command));

    public async ValueTask DisposeAsync() => await Tool.RunAsync("docker", "rm", "--force", "--volumes", id);

    static string Dnf(string command) =>
        "dnf --assumeyes --installroot=/root1 --releasever=1 --setopt=reposdir=/etc/yum.repos.d --setopt=install_weak_deps=0 " + command;

    static async Task BootstrapAsync()
    {
        using var folder = new TemporaryFolder();
        await Tool.RunAsync(
            "mmdebstrap",
            "--variant=minbase",
            "--include=rpm,createrepo-c,dnf,gpg,gpg-agent,curl,zstd",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "bookworm",
            folder["root.tar"]
        );
        await Tool.RunAsync("docker", "import", folder["root.tar"], Image);
    }
}
