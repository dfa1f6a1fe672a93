<?php
// What a Solder has to do at the very least for GET modpack/:slug and modpack/:slug/:build: no framework, no credentials, no limits.
$db = new PDO(getenv('DSN'), getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_PERSISTENT => true, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$path = explode('/', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
header('Content-Type: application/json');

function rows(PDO $db, string $sql, array $values): array
{
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement->fetchAll(PDO::FETCH_ASSOC);
}

$pack = rows($db, "SELECT p.id, p.number, p.slug, p.name, s.url, s.recommended, s.latest FROM packs p LEFT JOIN solder_packs s ON s.pack_id = p.id WHERE p.slug = ? AND p.visibility IN ('public', 'unlisted')", [$path[3]])[0] ?? null;
if ($pack === null) {
    http_response_code(404);
    echo '{"error":"Modpack does not exist"}';
    return;
}

if (count($path) === 4) {
    $answer = [
        'id' => $pack['number'], 'name' => $pack['slug'], 'display_name' => $pack['name'], 'url' => $pack['url'], 'icon' => null, 'icon_md5' => null, 'logo' => null, 'logo_md5' => null,
        'background' => null, 'background_md5' => null, 'recommended' => $pack['recommended'], 'latest' => $pack['latest'],
        'builds' => array_column(rows($db, 'SELECT version FROM solder_builds WHERE pack_id = ? AND is_published AND NOT is_private ORDER BY id', [$pack['id']]), 'version'),
    ];
} else {
    $build = rows($db, 'SELECT id, minecraft, min_java AS java, min_memory AS memory, forge FROM solder_builds WHERE pack_id = ? AND version = ? AND is_published AND NOT is_private', [$pack['id'], $path[4]])[0];
    $mods = rows($db, 'SELECT v.id, m.name, v.version, v.md5, v.filesize, v.url FROM solder_build_mods b JOIN solder_mod_versions v ON v.id = b.mod_version_id JOIN solder_mods m ON m.id = b.mod_id WHERE b.build_id = ?', [$build['id']]);
    usort($mods, fn ($one, $other) => strnatcasecmp($one['name'], $other['name']));
    $answer = $build + ['mods' => $mods];
}

echo json_encode($answer, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
