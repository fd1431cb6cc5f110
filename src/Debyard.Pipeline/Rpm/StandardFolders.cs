namespace Debyard.Pipeline.Rpm;

/// <summary>
/// Folders that a .deb lists but an rpm must not own: they belong to the distribution's packages <c>filesystem</c>, <c>systemd</c> and
/// others, which give them other modes, or links in their place.
/// </summary>
static class StandardFolders
{
    static readonly HashSet<string> folders =
    [
        .. Expand(
            """
            / /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var
            /etc/X11 /etc/alternatives /etc/bash_completion.d
            /etc/cron.d /etc/cron.daily /etc/cron.hourly /etc/cron.monthly /etc/cron.weekly
            /etc/dbus-1 /etc/dbus-1/system.d /etc/default /etc/init.d /etc/ld.so.conf.d /etc/logrotate.d /etc/modprobe.d /etc/modules-load.d
            /etc/opt /etc/pam.d /etc/pki /etc/profile.d /etc/rc.d /etc/security /etc/security/limits.d /etc/skel /etc/ssl /etc/sudoers.d
            /etc/sysconfig /etc/sysctl.d /etc/sysusers.d /etc/systemd /etc/systemd/system /etc/systemd/user /etc/tmpfiles.d /etc/udev
            /etc/udev/rules.d /etc/xdg /etc/yum.repos.d
            /lib/systemd /lib/systemd/system /lib/udev /lib/udev/rules.d
            /usr/bin /usr/games /usr/include /usr/lib /usr/lib64 /usr/libexec /usr/local /usr/sbin /usr/share /usr/src
            /usr/local/bin /usr/local/etc /usr/local/games /usr/local/include /usr/local/lib /usr/local/lib64 /usr/local/libexec
            /usr/local/sbin /usr/local/share /usr/local/src
            /usr/lib/binfmt.d /usr/lib/debug /usr/lib/debug/.build-id /usr/lib/debug/.dwz /usr/lib/firewalld /usr/lib/firewalld/services
            /usr/lib/modprobe.d /usr/lib/modules-load.d /usr/lib/sysctl.d /usr/lib/systemd /usr/lib/systemd/system
            /usr/lib/systemd/system-preset
            /usr/lib/systemd/user /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/lib/udev /usr/lib/udev/rules.d
            /usr/share/aclocal /usr/share/appdata /usr/share/applications /usr/share/bash-completion /usr/share/bash-completion/completions
            /usr/share/dbus-1 /usr/share/dbus-1/services /usr/share/dbus-1/system-services /usr/share/dbus-1/system.d /usr/share/doc
            /usr/share/fish /usr/share/fish/vendor_completions.d /usr/share/fonts /usr/share/games /usr/share/icons /usr/share/info
            /usr/share/licenses /usr/share/lintian /usr/share/lintian/overrides /usr/share/locale /usr/share/man /usr/share/metainfo
            /usr/share/mime /usr/share/mime/packages /usr/share/misc /usr/share/pixmaps /usr/share/pkgconfig /usr/share/themes
            /usr/share/zsh /usr/share/zsh/vendor-completions
            /usr/share/man/man1 /usr/share/man/man2 /usr/share/man/man3 /usr/share/man/man4 /usr/share/man/man5 /usr/share/man/man6
            /usr/share/man/man7 /usr/share/man/man8 /usr/share/man/man9
            /var/adm /var/cache /var/crash /var/db /var/empty /var/games /var/lib /var/local /var/lock /var/log /var/mail /var/opt /var/run
            /var/spool /var/spool/mail /var/tmp /var/www
            """
        ),
    ];

    public static bool Contain(string folder) => folders.Contains(folder);

    static string[] Expand(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
