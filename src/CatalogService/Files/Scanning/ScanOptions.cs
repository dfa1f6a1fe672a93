using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>Section <c>Catalog:Scan</c>: what the files of a version must not be.</summary>
public sealed class ScanOptions
{
    /// <summary>Version of the rules in the code; raised whenever they change.</summary>
    private const int CodeRules = 1;

    /// <summary>Extensions that no path of a manifest may have, separated by commas, without dots.</summary>
    [Required(AllowEmptyStrings = true)]
    public string ProhibitedExtensions { get; set; } =
        "exe,scr,com,pif,bat,cmd,msi,msp,msix,appx,ps1,psm1,psd1,vbs,vbe,wsf,wsh,hta,cpl,lnk,url,reg,inf,scf,jse,gadget,application,msc,sys,app,dmg,pkg,deb,rpm,apk";

    /// <summary>Whether programs for Windows are refused under whatever name; libraries (.dll) are not programs. Default true.</summary>
    public bool RefusePrograms { get; set; } = true;

    /// <summary>Most entries of an archive with all that is nested in it; 1 to 10,000,000, default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxArchiveEntries { get; set; } = 100_000;

    /// <summary>How deep archives may be nested; 1 is an archive without another one in it. 1 to 10, default 3.</summary>
    [Range(1, 10)]
    public int MaxArchiveDepth { get; set; } = 3;

    /// <summary>How many times its own size an archive may expand to; 10 to 1,000,000, default 200.</summary>
    [Range(10, 1_000_000)]
    public int MaxArchiveRatio { get; set; } = 200;

    /// <summary>Up to this many expanded bytes the ratio does not matter; default 100 MB.</summary>
    [Range(0, long.MaxValue)]
    public long RatioFloorBytes { get; set; } = 100_000_000;

    /// <summary>Most bytes to which an archive may expand with all that is nested in it; default 4 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxExpandedBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Longest time for one file; one that takes longer is refused. 1 s to 1 h, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Archives up to this size are looked through while they are uploaded, larger ones right after; 0 to 1 GiB, default 4 MiB.</summary>
    [Range(0, 1024 * 1024 * 1024)]
    public int InlineBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Pause between two looks for files and versions that wait; 50 ms to 1 min, default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Raise it after changing these settings: every file is looked at again then. 0 to 999, default 0.</summary>
    [Range(0, 999)]
    public int Generation { get; set; }

    /// <summary>The rules in force: a file that was looked at by lower ones waits for another look.</summary>
    internal int Rules => (CodeRules * 1000) + Generation;
}
