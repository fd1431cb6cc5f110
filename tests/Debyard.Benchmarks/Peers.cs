using System.Diagnostics;
using System.Net.Sockets;

namespace Debyard.Benchmarks;

/// <summary>
/// The tools that Debyard is compared with. Each has its own folder and signs its index. Tools that are not installed are left out.
/// </summary>
sealed class Peers(string folder)
{
    string Gpg => $"GNUPGHOME={folder}/gpg";

    public async Task PrepareAsync()
    {
        Directory.CreateDirectory($"{folder}/gpg", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Tool.ShellAsync(folder, $"{Gpg} gpg --batch --quiet --passphrase '' --quick-generate-key bench ed25519 sign never");
        Directory.CreateDirectory($"{folder}/ftparchive/pool");
        Directory.CreateDirectory($"{folder}/reprepro/conf");
        await File.WriteAllTextAsync(
            $"{folder}/reprepro/conf/distributions",
            "Codename: stable\nArchitectures: amd64\nComponents: main\nSignWith: yes\n"
        );
        await File.WriteAllTextAsync(
            $"{folder}/aptly.conf",
            $$"""{ "rootDir": "{{folder}}/aptly", "architectures": ["amd64"], "gpgProvider": "gpg" }"""
        );
        if (Tool.IsInstalled("aptly"))
            await AptlyAsync("repo create -distribution=stable -component=main bench");
    }

    /// <summary>Hard links into the pool, an index from apt-ftparchive's cache, and a signed Release.</summary>
    public async Task FtpArchiveAsync(params IReadOnlyList<string> packages)
    {
        await LinkAsync(packages, $"{folder}/ftparchive/pool");
        await IndexAsync("ftparchive");
    }

    public Task IndexAsync(string tree) =>
        Tool.ShellAsync(
            $"{folder}/{tree}",
            $"mkdir -p dists/stable/main/binary-amd64; apt-ftparchive --db {folder}/ftparchive.db packages pool"
                + " > dists/stable/main/binary-amd64/Packages;"
                + " cd dists/stable; gzip -kf main/binary-amd64/Packages; apt-ftparchive release . > Release.new; mv Release.new Release;"
                + $" {Gpg} gpg --batch --yes --clearsign -o InRelease Release"
        );

    public async Task RepreproAsync(params IReadOnlyList<string> packages)
    {
        foreach (var chunk in packages.Chunk(1000))
            await Tool.RunAsync(
                $"{folder}/reprepro",
                "env",
                [Gpg, "reprepro", "--silent", "--ignore=extension", "includedeb", "stable", .. chunk]
            );
    }

    public async Task AptlyImportAsync(string packages)
    {
        await AptlyAsync($"repo add bench {packages}");
        await AptlyAsync("publish repo -batch bench");
    }

    public async Task AptlyAddAsync(string package)
    {
        await AptlyAsync($"repo add bench {package}");
        await AptlyAsync("publish update -batch stable");
    }

    /// <summary>A hard-linked copy with its own index and signature.</summary>
    public async Task FtpArchiveBranchAsync(int round)
    {
        await CopyLinksAsync(round);
        await IndexAsync($"branch-{round}");
    }

    public Task CopyLinksAsync(int round) => Tool.ShellAsync(folder, $"rm -rf branch-{round}; cp -al ftparchive branch-{round}");

    public Task RemoveLinksAsync(int round) => Tool.ShellAsync(folder, $"rm -r branch-{round}");

    public Task RsyncLinksAsync(string from, int round) => Tool.ShellAsync(folder, $"rsync -a --link-dest={from}/ {from}/ rsync-{round}/");

    /// <summary>Starts nginx on a folder, with PUT by WebDAV. Returns its process and address.</summary>
    public async Task<(Process Process, Uri Url)> NginxAsync(string root, int port)
    {
        Directory.CreateDirectory($"{folder}/nginx");
        await File.WriteAllTextAsync(
            $"{folder}/nginx.conf",
            $$"""
            worker_processes auto; daemon off; pid {{folder}}/nginx/pid; error_log {{folder}}/nginx/error.log; user root;
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; client_max_body_size 0; client_body_temp_path {{folder}}/nginx/body;
              keepalive_requests 100000000;
              server { listen 127.0.0.1:{{port}}; root {{root}}; location / { dav_methods PUT; create_full_put_path on; } }
            }
            """
        );
        var process = Process.Start("nginx", ["-c", $"{folder}/nginx.conf"]);
        while (!await AnswersAsync(port))
            await Task.Delay(20);
        return (process, new Uri($"http://127.0.0.1:{port}/"));
    }

    Task AptlyAsync(string arguments) => Tool.ShellAsync(folder, $"{Gpg} aptly -config={folder}/aptly.conf {arguments}");

    static async Task LinkAsync(IReadOnlyList<string> packages, string pool)
    {
        foreach (var chunk in packages.Chunk(1000))
            await Tool.RunAsync(pool, "ln", ["-f", "-t", pool, .. chunk]);
    }

    static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
