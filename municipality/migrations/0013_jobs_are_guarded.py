"""Jobs of the clock are kept per body, checks of long chains go on where they were, and notices are
found by their thing.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0012_pack_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版の番号"),
                ),
                ("job", models.CharField(max_length=80, verbose_name="毎日の処理の名前")),
                ("day", models.DateField(null=True, verbose_name="最後に試みた日")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, verbose_name="試みた回数"),
                ),
                ("lease_until", models.DateTimeField(null=True, verbose_name="担当の期限")),
                ("next_at", models.DateTimeField(null=True, verbose_name="次に試す日時")),
                ("error", models.CharField(blank=True, max_length=80, verbose_name="失敗の種類")),
                (
                    "place",
                    models.CharField(blank=True, max_length=160, verbose_name="失敗した場所"),
                ),
                ("failed_at", models.DateTimeField(null=True, verbose_name="失敗した日時")),
            ],
            options={
                "verbose_name": "毎日の処理の状況",
                "verbose_name_plural": "毎日の処理の状況",
                "ordering": ["job"],
            },
        ),
        migrations.CreateModel(
            name="VerificationProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("whole", models.BooleanField(verbose_name="鎖の全体か")),
                ("seq", models.PositiveBigIntegerField(default=0, verbose_name="行の番号")),
                ("hash", models.CharField(blank=True, max_length=64, verbose_name="行の照合値")),
                ("done_on", models.DateField(null=True, verbose_name="検証を終えた日")),
                ("signature", models.CharField(max_length=64, verbose_name="署名の値")),
            ],
            options={
                "verbose_name": "履歴の検証の途中",
                "verbose_name_plural": "履歴の検証の途中",
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["rule", "object_id"], name="notice_by_thing"),
        ),
        migrations.AddField(
            model_name="jobrun",
            name="municipality",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipality.municipality",
                verbose_name="自治体の団体",
            ),
        ),
        migrations.AddField(
            model_name="verificationprogress",
            name="chain",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipality.chain",
                verbose_name="履歴の鎖",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobrun",
            constraint=models.UniqueConstraint(
                fields=("municipality", "job"), name="a_job_runs_once_in_a_body"
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationprogress",
            constraint=models.UniqueConstraint(
                fields=("chain", "whole"), name="a_chain_has_one_progress_of_each_kind"
            ),
        ),
    ]
